/** What stands under the caret while somebody writes: the start of a mention, of an emoji's name. */

export interface Trigger {
  readonly kind: "mention" | "emoji"
  /** What was typed after the sign. */
  readonly query: string
  /** Where the sign stands in the text. */
  readonly start: number
}

const MENTION = /(?:^|[\s(])@([^\s@]{0,40})$/u
// A smiley such as :-D is none, the thumb :-1: is.
const EMOJI = /(?:^|[\s(]):((?!-[^1])[\p{L}\p{N}_+-]{2,30})$/u

export function triggerAt(text: string, caret: number): Trigger | null {
  const before = text.slice(0, caret)
  const mention = MENTION.exec(before)?.[1]
  if (mention !== undefined) return { kind: "mention", query: mention, start: caret - mention.length - 1 }
  const emoji = EMOJI.exec(before)?.[1]
  if (emoji !== undefined) return { kind: "emoji", query: emoji, start: caret - emoji.length - 1 }
  return null
}

/** The text with the trigger replaced, and where the caret belongs then. */
export function complete(text: string, caret: number, trigger: Trigger, by: string): { text: string; caret: number } {
  const head = `${text.slice(0, trigger.start)}${by} `
  return { text: head + text.slice(caret).replace(/^ /, ""), caret: head.length }
}

interface Named {
  readonly id: string
  readonly name: string
}

/** Who is mentioned: `@` and the whole name. Of names that begin alike the longest counts. */
export function mentionsIn(text: string, members: readonly Named[]): readonly string[] {
  return mentionSpans(text, members)
    .map(({ id }) => id)
    .filter((id, index, all) => all.indexOf(id) === index)
}

export interface MentionSpan {
  readonly start: number
  readonly end: number
  readonly id: string
}

export function mentionSpans(text: string, members: readonly Named[]): readonly MentionSpan[] {
  const folded = text.toLowerCase()
  const spans: MentionSpan[] = []
  for (let at = folded.indexOf("@"); at >= 0; at = folded.indexOf("@", at + 1)) {
    if (at > 0 && /[\p{L}\p{N}_]/u.test(folded.charAt(at - 1))) continue
    const found = longestAt(folded, at + 1, members)
    if (found !== null) spans.push({ start: at, end: at + 1 + found.name.length, id: found.id })
  }
  return spans
}

function longestAt(folded: string, at: number, members: readonly Named[]): Named | null {
  let longest: Named | null = null
  for (const member of members) {
    const name = member.name.toLowerCase()
    if (!folded.startsWith(name, at) || /[\p{L}\p{N}_]/u.test(folded.charAt(at + name.length))) continue
    if (longest === null || name.length > longest.name.length) longest = member
  }
  return longest
}

/** Characters as the server counts them: Unicode code points. */
export function countCharacters(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}
