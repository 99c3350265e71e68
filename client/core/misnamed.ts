/** Whom the beginning of a name may mean, and an `@name` in what is being written that is nobody's. */
import { parseMarkdown } from "./markdown.ts"
import { LONGEST, mapTexts, mayBegin, type Named, namesOf, SIGN, SPACELESS, withMentions } from "./mentions.ts"

const WORDS = /^[\p{L}\p{N}\p{M}_]+/u

/** The members whom the beginning of a name may mean: accents, dots and letter case aside. */
export function membersLike<M extends Named>(query: string, members: readonly M[]): readonly M[] {
  const wanted = loose(query)
  return members.filter(({ name }) => {
    const own = loose(name)
    return ` ${own}`.includes(` ${wanted}`) || (SPACELESS.test(wanted) && own.includes(wanted))
  })
}

/** A name as it is searched for: without accents and dots, capitals and doubled spaces. */
export function loose(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/[\p{M}\p{Cf}]/gu, "")
    .toUpperCase() // ß is SS
    .toLowerCase()
    .replace(/\s+/g, " ")
}

export interface Misnamed {
  /** As it was typed, with the sign. */
  readonly typed: string
  readonly meant: readonly Named[]
}

/** The first `@word` of a message that names nobody, though it may mean somebody. */
export function misnamedIn(source: string, members: readonly Named[]): Misnamed | null {
  if (source.search(SIGN) < 0) return null
  let first: Misnamed | null = null
  mapTexts(withMentions(parseMarkdown(source), namesOf(members)), (text) => {
    first ??= misnamedInRun(text, members)
    return []
  })
  return first
}

function misnamedInRun(text: string, members: readonly Named[]): Misnamed | null {
  for (const { index } of text.matchAll(SIGN)) {
    const typed = WORDS.exec(text.slice(index + 1, index + 1 + LONGEST))?.[0] ?? ""
    const meant = typed === "" || !mayBegin(text, index) ? [] : membersLike(typed, members)
    if (meant.length > 0) return { typed: text.charAt(index) + typed, meant }
  }
  return null
}

/** The place of a misnamed member in the text that is being written; null if it was changed meanwhile. */
export function placeOf(typed: string, source: string): number | null {
  for (let at = source.indexOf(typed); at >= 0; at = source.indexOf(typed, at + 1)) {
    if (mayBegin(source, at) && !WORDS.test(source.slice(at + typed.length))) return at
  }
  return null
}
