/** What a message that was found says, as plain text, with the places that match. */
import { plainText } from "../markdown.ts"

export interface Piece {
  readonly text: string
  /** Its place among the others. */
  readonly start: number
  readonly isMatch: boolean
}

/** Two signs that Unicode keeps free for a program's own use: no message can mean anything by them. */
const [OPEN, CLOSE] = ["\ufdd0", "\ufdd1"]
/** Half of a sign. */
const HALF = /^[\udc00-\udfff]/
const MARKS = /[\ufdd0\ufdd1]/
/** So much is shown before the first place that matches. */
const LEAD = 40

/** @param match start and length of each place, in code points of the body. */
export function excerptOf(body: string, match: readonly (readonly number[])[]): readonly Piece[] {
  const [first, ...others] = piecesOf(plainText(marked(body, match)))
  if (first === undefined) return []
  const { text, isMatch } = first
  const from = text.length - LEAD
  if (isMatch || others.length === 0 || from <= 0) return [first, ...others]
  // The end is cut by the style, where it is too long.
  const begun = text.slice(text.indexOf(" ", from) + 1 || from).replace(HALF, "")
  return [{ ...first, text: `…${begun}` }, ...others]
}

/** Marks the places before the Markdown is read, which moves them about. */
function marked(body: string, match: readonly (readonly number[])[]): string {
  const signs = Array.from(body, (sign) => (MARKS.test(sign) ? "\ufffd" : sign))
  for (const [start = 0, length = 0] of match) {
    if (length < 1 || signs[start] === undefined || signs[start + length - 1] === undefined) continue
    signs[start] = OPEN + signs[start]
    signs[start + length - 1] += CLOSE
  }
  return signs.join("")
}

function piecesOf(text: string): readonly Piece[] {
  let isMatch = false
  const pieces: Piece[] = []
  for (const part of text.split(/([\ufdd0\ufdd1])/)) {
    if (MARKS.test(part)) isMatch = part === OPEN
    else if (part !== "") pieces.push({ text: part, start: pieces.length, isMatch })
  }
  return pieces
}
