/** How those are named who came, went or changed their names: two or three by name, others by number. */
import type { NewName } from "../../core/comings.ts"
import type { Translator } from "../../i18n/translate.ts"

const NAMED = 3

/** `went`: of whom nobody knows any more whether they left or were removed. */
const HOW = ["came", "left", "removed", "went"] as const

export function comingWords(
  t: Translator,
  names: Readonly<Record<(typeof HOW)[number], readonly string[]>>,
  renamed: readonly NewName[] = [],
): string {
  const said = HOW.filter((how) => names[how].length > 0)
  const told = renamed.length > NAMED ? renamed.slice(0, NAMED - 1) : renamed
  const others = renamed.length - told.length
  return [
    ...said.map((how) => t(`comings.${how}`, { count: names[how].length, names: listed(t, names[how]) })),
    ...told.map(({ from, to }) => t("comings.renamed", { from, to })),
    ...(others > 0 ? [t("comings.renamedToo", { count: others })] : []),
  ].join(" \u00b7 ")
}

function listed(t: Translator, names: readonly string[]): string {
  // Without the comma before "and": these are words for people.
  const lists = new Intl.ListFormat(t.language === "en" ? "en-GB" : t.language, { type: "conjunction" })
  if (names.length <= NAMED) return lists.format(names)
  const named = names.slice(0, NAMED - 1)
  return lists.format([...named, t("comings.others", { count: names.length - named.length })])
}
