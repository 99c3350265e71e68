/**
 * Who is mentioned in a message: `@` and the whole name of a member, in running text, neither in code nor in a link.
 *
 * What is sent and what is shown both come from `withMentions`, so they cannot differ. Names are compared by the rules of
 * Unicode, grapheme by grapheme; borders depend on the script (tests/vectors/mentions.json).
 */
import { type Block, type Inline, parseMarkdown } from "./markdown.ts"

export interface Named {
  readonly id: string
  readonly name: string
}

/** Every beginning of every name, folded; whole names have their member's id. */
export type Names = ReadonlyMap<string, string | null>

/** How many members one message may mention (docs/protocol.md, "Limits"). */
const MOST = 50
/** Longer than any name is in UTF-16, with combining marks. */
export const LONGEST = 320
export const SIGN = /[@＠]/g
const WORD = /[\p{L}\p{N}\p{M}_]/u
/** Written without spaces between words, or, in Korean, with particles that join a name. */
export const SPACELESS =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Bopomofo}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\p{sc=Tibetan}ー々]/u
/** An address without its scheme, up to here: "medium.com/@". */
const ADDRESS = /(?:^|[\s(])[\w-]+(?:\.[\w-]+)+\/\S*$/
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" })

export function namesOf(members: Iterable<Named>): Names {
  const names = new Map<string, string | null>()
  for (const { id, name } of members) {
    let folded = ""
    // Sign by sign: "ß" is two, and the second may be typed by itself.
    for (const sign of Array.from(graphemes.segment(name), ({ segment }) => fold(segment)).join("")) {
      folded += sign
      names.set(folded, names.get(folded) ?? null)
    }
    names.set(folded, id)
  }
  return names
}

/** The ids of those whom a message mentions, in the order of their first mention. */
export function mentionsIn(source: string, members: Iterable<Named>): readonly string[] {
  const found = new Set<string>()
  if (source.search(SIGN) >= 0) withMentions(parseMarkdown(source), namesOf(members), found)
  return [...found].slice(0, MOST)
}

/** A message in which the mentions are nodes of their own; their members go to `found` as well. */
export function withMentions(blocks: readonly Block[], names: Names, found = new Set<string>()): readonly Block[] {
  return names.size === 0 ? blocks : mapTexts(blocks, (text) => piecesOf(text, names, found))
}

/** A message with something else for its texts, those in code and in links left out. */
export function mapTexts(blocks: readonly Block[], change: (text: string) => readonly Inline[]): readonly Block[] {
  const inlines = (nodes: readonly Inline[]): readonly Inline[] =>
    nodes.flatMap((node): readonly Inline[] => {
      if (node.type === "text") return change(node.text)
      if (node.type === "link" || !("children" in node)) return [node]
      return [{ ...node, children: inlines(node.children) }]
    })
  const mapped = (block: Block): Block => {
    switch (block.type) {
      case "paragraph":
      case "heading":
        return { ...block, children: inlines(block.children) }
      case "quote":
        return { ...block, children: block.children.map(mapped) }
      case "list":
        return { ...block, items: block.items.map((item) => ({ ...item, children: item.children.map(mapped) })) }
      case "table":
        return { ...block, rows: block.rows.map((cells) => cells.map(inlines)) }
      case "code":
        return block
    }
  }
  return blocks.map(mapped)
}

function piecesOf(text: string, names: Names, found: Set<string>): readonly Inline[] {
  const pieces: Inline[] = []
  let from = 0
  for (const { index } of text.matchAll(SIGN)) {
    const mention = index >= from ? mentionAt(text, index, names, from) : null
    if (mention === null) continue
    if (index > from) pieces.push({ type: "text", text: text.slice(from, index) })
    pieces.push({ type: "mention", member: mention.id, text: text.slice(index, mention.end) })
    found.add(mention.id)
    from = mention.end
  }
  if (from < text.length) pieces.push({ type: "text", text: text.slice(from) })
  return pieces
}

/**
 * The member whose name follows the sign at `at`; the longest of names that begin alike.
 *
 * @param former where the mention before this one ends: nothing has to stand between two.
 */
export function mentionAt(text: string, at: number, names: Names, former = 0): { end: number; id: string } | null {
  if (!(at === former && at > 0) && !mayBegin(text, at)) return null
  let found: { end: number; id: string } | null = null
  let folded = ""
  for (const { segment, index } of graphemes.segment(text.slice(at + 1, at + 1 + LONGEST))) {
    if (/[\n\r]/.test(segment)) break
    const piece = fold(segment)
    if (piece === "" || (piece === " " && folded.endsWith(" "))) continue
    folded += piece
    const id = names.get(folded)
    if (id === undefined) break
    const end = at + 1 + index + segment.length
    if (id !== null && isBorder(segment, text.slice(end, end + 2))) found = { end, id }
  }
  return found
}

/** Whether a mention may begin here: not inside a word, an address or a mail address. */
export function mayBegin(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 200), at)
  const last = [...before.slice(-2)].at(-1) ?? ""
  return (!WORD.test(last) || SPACELESS.test(last)) && !(last === "/" && ADDRESS.test(before))
}

function isBorder(last: string, next: string): boolean {
  const letter = String.fromCodePoint(next.codePointAt(0) ?? 0x20)
  return !WORD.test(letter) || SPACELESS.test(letter) || SPACELESS.test(last)
}

/** What is the same in two spellings of a grapheme. */
function fold(grapheme: string): string {
  const plain = grapheme.normalize("NFKC").replace(/\p{Default_Ignorable_Code_Point}/gu, "")
  // In capitals first: two small letters may have one capital, as the two sigmas have.
  return plain.toUpperCase().toLowerCase().normalize("NFKC").replace(/\s/g, " ")
}
