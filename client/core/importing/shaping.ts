/**
 * A message of another program as those that a room takes: a text that is too long, and files that are too many, become
 * several; what does not fit besides is left out, and the report says so.
 */
import { isEmpty } from "../visible.ts"
import { MOST_BODY, MOST_EMOJIS, MOST_FILES, MOST_MENTIONS, MOST_REACTIONS, MOST_TEXT } from "./limits.ts"
import { wellFormed } from "./naming.ts"
import type { Attachment, Said, Skipped } from "./source.ts"
import { IMPORTED, uuid5 } from "./uuid.ts"

/** What was read, before it has its final form. */
export interface Draft extends Omit<Said, "id" | "reactions"> {
  /** What no other message of the source is called, and this one always is. */
  readonly called: string
  /** Of our own format, which keeps its ids. */
  readonly id?: string | undefined
  /** Keys of people by emoji. */
  readonly reactions: ReadonlyMap<string, ReadonlySet<string>>
}

export const idOf = (called: string): string => uuid5(IMPORTED, called)

export function* shaped({ called, id, reactions, ...draft }: Draft): Generator<Said | Skipped, void> {
  const { where, files } = draft
  if (draft.body.length > MOST_TEXT) {
    yield { where, why: "oversized" }
    return
  }
  const body = isEmpty(draft.body) ? "" : wellFormed(draft.body)
  if (body === "" && files.length === 0) {
    yield { where, why: "empty" }
    return
  }
  const some = upTo(reactions)
  const mentions = draft.mentions.slice(0, MOST_MENTIONS)
  const whole = { ...draft, mentions, reactions: some.reactions }
  if (some.isCut || mentions.length < draft.mentions.length) yield { where, why: "too_many" }
  for (const [index, part] of partsOf(body, files).entries()) {
    const further = { replyTo: null, mentions: [], reactions: {} }
    yield index === 0
      ? { ...whole, ...part, id: id ?? idOf(called) }
      : { ...whole, ...further, ...part, id: idOf(`${called}/${index + 1}`) }
  }
}

/** The texts one after the other; files stand with the last, and those that are too many in messages of their own. */
function partsOf(body: string, files: readonly Attachment[]): readonly Pick<Said, "body" | "files">[] {
  const parts = textsOf(body).map((text) => ({ body: text, files: [] as readonly Attachment[] }))
  const last = parts.pop() ?? { body: "" }
  parts.push({ ...last, files: files.slice(0, MOST_FILES) })
  for (let at = MOST_FILES; at < files.length; at += MOST_FILES) {
    parts.push({ body: "", files: files.slice(at, at + MOST_FILES) })
  }
  return parts
}

function upTo(all: Draft["reactions"]): { readonly reactions: Said["reactions"]; readonly isCut: boolean } {
  const taken: [string, readonly string[]][] = []
  let count = 0
  let isCut = false
  for (const [emoji, people] of all) {
    const some = [...people].slice(0, MOST_REACTIONS - count)
    isCut ||= some.length < people.size || taken.length === MOST_EMOJIS
    if (some.length === 0 || taken.length === MOST_EMOJIS) continue
    taken.push([emoji, some])
    count += some.length
  }
  return { reactions: Object.fromEntries(taken), isCut }
}

const FENCE = "```"
/** Where a text may be cut, the best first. */
const SEAMS = [/\n\n(?!\n)/g, /\n/g, /\s/g]

/** Pieces that fit a message each, cut between paragraphs, lines or words; code that is cut goes on as code. */
export function textsOf(text: string, most = MOST_BODY): readonly string[] {
  const pieces: string[] = []
  let rest = text
  while (!fits(rest, most)) {
    const window = [...rest.slice(0, most * 2)].slice(0, most - FENCE.length - 1).join("")
    const at = seamOf(window)
    const piece = rest.slice(0, at).trimEnd()
    const isOpen = (piece.match(/^\s*```/gm)?.length ?? 0) % 2 === 1
    const next = rest.slice(at).replace(/^\n+| +/y, "")
    if (!isEmpty(piece)) pieces.push(isOpen ? `${piece}\n${FENCE}` : piece)
    // It gets shorter all the same: what is cut off has a thousand characters and more.
    rest = isOpen ? `${FENCE}\n${next}` : next
  }
  if (!isEmpty(rest) || pieces.length === 0) pieces.push(rest)
  return pieces
}

const fits = (text: string, most: number) => text.length <= most || [...text.slice(0, most * 2 + 1)].length <= most

/** In the second half of what fits; where there is no space at all, at its end. */
function seamOf(window: string): number {
  for (const seam of SEAMS) {
    const at = [...window.matchAll(seam)].at(-1)?.index ?? -1
    if (at > window.length / 2) return at
  }
  return window.length
}
