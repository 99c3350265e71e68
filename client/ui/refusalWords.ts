/** What a refusal is called: in the words of one place where it has its own, else in those for everywhere. */
import type { Translator } from "../i18n/translate.ts"

export function refusalWords(t: Translator, code: string, place = ""): string {
  const key = [`${place}.refused.${code}`, `refused.${code}`].find(t.has)
  return key !== undefined && t.has(key) ? t(key) : t("refused.internal")
}
