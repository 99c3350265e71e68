/** How those are named who came or went: two or three by name, others by number. */
import type { Translator } from "../../i18n/translate.ts"

const NAMED = 3

export function comingWords(t: Translator, came: readonly string[], went: readonly string[]): string {
  const said = (key: "comings.came" | "comings.went", names: readonly string[]) =>
    names.length === 0 ? [] : [t(key, { count: names.length, names: listed(t, names) })]
  return [...said("comings.came", came), ...said("comings.went", went)].join(" \u00b7 ")
}

function listed(t: Translator, names: readonly string[]): string {
  // Without the comma before "and": these are words for people.
  const lists = new Intl.ListFormat(t.language === "en" ? "en-GB" : t.language, { type: "conjunction" })
  if (names.length <= NAMED) return lists.format(names)
  const named = names.slice(0, NAMED - 1)
  return lists.format([...named, t("comings.others", { count: names.length - named.length })])
}
