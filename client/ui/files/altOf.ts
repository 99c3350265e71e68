/** What a picture or film is called to those who do not see it. */
import { shownName } from "../../core/files/names.ts"
import type { FileInfo } from "../../core/files/types.ts"
import type { Translator } from "../../i18n/translate.ts"

export function altOf(t: Translator, { alt, name, type }: FileInfo): string {
  const shown = nameOf(t, name)
  return alt?.trim() || (type.startsWith("image/") ? t("files.picture", { name: shown }) : shown)
}

export function nameOf(t: Translator, name: string): string {
  return shownName(name) || t("files.unnamed")
}
