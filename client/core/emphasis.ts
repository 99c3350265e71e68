/**
 * Stars, underscores and double tildes: which of them emphasise, and which are meant as they stand.
 *
 * A mark opens where a word begins and closes where one ends; inside words, sums, paths and faces it is a sign like any
 * other. Pairs are found in one pass with a stack; how many marks of which length are open is counted, so that no mark
 * searches in vain.
 */
import type { Inline } from "./markdown.ts"

const DEEPEST = 12
const MARKS = /\\?(?:\*+|_+|~+)/g
/** Scripts that are written without spaces, or whose endings follow at once, and their punctuation. */
const DENSE =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\u3000-\u303F\u30FC\uFF00-\uFFEF]/u
/** What may stand before a mark that opens, and behind one that closes. */
const BEFORE = /^$|\uFE0F|[\s\p{Ps}\p{Pi}\p{Pf}"'*_~,;:!?¡¿…–—|\p{So}，。、：；！？]/u
const BEHIND = /^$|(?![/\\@#&%])[\s\p{Pe}\p{Pi}\p{Pf}\p{Po}\p{So}*_~–—|]/u
/** What emphasised words do not begin or end with: the cheeks and hands of faces. */
const FACE = /[\p{Sk}\u02C6-\u02CF°・･ﾞﾟ]|(?![ -~])\p{Sm}/u
const NOT_FIRST = /[\s,;:.!?%&/\p{Pe}]/u
const NOT_LAST = /[\s/\\\p{Ps}]/u
/** Code or a link. */
const WHOLE = "\uFFFC"
/** Something must be said: `*-*` and `*.*` say nothing. */
const SAYS = /(?![ﾞﾟ])[\p{L}\p{N}\p{Extended_Pictographic}]/u
interface Mark {
  readonly sign: string
  /** How many of its signs are still free. */
  size: number
  readonly escaped: boolean
  /** Its place in `nodes`, and its end in the text. */
  readonly at: number
  readonly end: number
  /** How much had been said before it. */
  readonly said: number
  /** How deep what stands behind it is nested. */
  depth: number
}

export class Emphasis {
  readonly #text: string
  readonly #nodes: Inline[] = []
  readonly #open: Mark[] = []
  readonly #count: Record<string, number> = {}
  #said = 0
  /** The ends of the stretch that is being read. */
  #from = 0
  #to = 0

  constructor(text: string) {
    this.#text = text
  }

  /** Something that is whole; for the marks beside it a sign like a picture. */
  put(node: Inline): void {
    this.#nodes.push(node)
    this.#said += 1
  }

  /** A stretch of the text. */
  read(from: number, to: number): void {
    this.#from = from
    this.#to = to
    const stretch = this.#text.slice(from, to)
    let at = 0
    for (const { 0: run, index } of stretch.matchAll(MARKS)) {
      this.#say(stretch.slice(at, index))
      this.#mark(from + index, run)
      at = index + run.length
    }
    this.#say(stretch.slice(at))
  }

  finish(): readonly Inline[] {
    return joined(this.#nodes)
  }

  #say(text: string): void {
    if (text === "") return
    this.#nodes.push({ type: "text", text })
    if (SAYS.test(text)) this.#said += 1
  }

  #mark(start: number, run: string): void {
    const escaped = run.startsWith("\\")
    const sign = run.charAt(run.length - 1)
    const from = start + (escaped ? 1 : 0)
    const size = start + run.length - from
    const disk = escaped && /(?:^|\W)[A-Z]:$/i.test(this.#text.slice(Math.max(0, start - 3), start))
    if (!disk && (sign === "~" ? size === 2 : size <= 3)) this.#work(start, from, size, escaped)
    else this.#nodes.push({ type: "text", text: run })
  }

  #work(start: number, from: number, size: number, escaped: boolean): void {
    const text = this.#text
    const sign = text.charAt(from)
    const end = from + size
    const before = start === this.#from && start > 0 ? WHOLE : lastOf(text.slice(Math.max(0, start - 2), start))
    const behind = end === this.#to && end < text.length ? WHOLE : firstOf(text.slice(end, end + 2))
    let [left, typed] = [size, escaped]
    if (canClose(sign, before, behind, text.charAt(end + 1))) {
      for (let taken = -1; taken !== 0 && left > 0; left -= taken) {
        taken = this.#close(from, sign, left, typed)
        // A backslash speaks for one pair.
        if (taken > 0) typed = false
      }
    }
    if (left === 0) return
    this.#nodes.push({ type: "text", text: text.slice(typed ? start : from, from + left) })
    if (!canOpen(sign, left, before, behind)) return
    const at = this.#nodes.length - 1
    this.#open.push({ sign, size: left, escaped: typed, at, end, said: this.#said, depth: 0 })
    this.#tally(sign, left, 1)
  }

  /** Closes the nearest mark that fits; says how many signs it took, 0 if there is none. */
  #close(from: number, sign: string, size: number, escaped: boolean): number {
    const fits = [1, 2, 3].filter((other) => other === size || other === 3 || size === 3)
    if (!fits.some((other) => this.#count[sign + other])) return 0
    for (let mark = this.#pop(); mark !== undefined; mark = this.#pop()) {
      if (mark.sign === sign && fits.includes(mark.size)) return this.#pair(mark, from, size, escaped)
      this.#deepen(mark.depth)
    }
    return 0
  }

  #pair(mark: Mark, from: number, size: number, escaped: boolean): number {
    const { sign, at } = mark
    const taken = mark.size === 3 && size === 3 ? 2 : Math.min(mark.size, size)
    if (mark.escaped || escaped) {
      this.#nodes[at] = { type: "text", text: sign.repeat(mark.size) }
      this.#nodes.push({ type: "text", text: sign.repeat(taken) })
      this.#deepen(mark.depth)
      return taken
    }
    if (this.#said === mark.said || mark.depth >= DEEPEST || isName(sign, taken, this.#text, mark.end, from)) {
      this.#deepen(mark.depth)
      return 0
    }
    const children = joined(this.#nodes.splice(at + 1))
    const type = sign === "~" ? "del" : taken === 2 ? "strong" : "em"
    if (mark.size === taken) this.#nodes.pop()
    else this.#nodes[at] = { type: "text", text: sign.repeat(mark.size - taken) }
    this.#nodes.push({ type, children })
    if (mark.size > taken) {
      this.#open.push({ ...mark, size: mark.size - taken, depth: mark.depth + 1 })
      this.#tally(sign, mark.size - taken, 1)
    } else this.#deepen(mark.depth + 1)
    return taken
  }

  #pop(): Mark | undefined {
    const mark = this.#open.pop()
    if (mark !== undefined) this.#tally(mark.sign, mark.size, -1)
    return mark
  }

  #deepen(depth: number): void {
    const mark = this.#open.at(-1)
    if (mark !== undefined) mark.depth = Math.max(mark.depth, depth)
  }

  #tally(sign: string, size: number, by: number): void {
    this.#count[sign + size] = (this.#count[sign + size] ?? 0) + by
  }
}

function canOpen(sign: string, size: number, before: string, behind: string): boolean {
  if (behind === "" || NOT_FIRST.test(behind) || FACE.test(behind) || encloses(before, behind)) return false
  return BEFORE.test(before) || (sign === "*" && size > 1 && DENSE.test(before))
}

function canClose(sign: string, before: string, behind: string, next: string): boolean {
  if (before === "" || NOT_LAST.test(before) || FACE.test(before) || encloses(before, behind)) return false
  if (DENSE.test(behind)) return sign !== "_"
  // "__init__.py" and "*.tar.gz" go on.
  if (behind === "." || sign === "_") return BEHIND.test(behind) && !(/\S/.test(behind) && /[\p{L}\p{N}]/u.test(next))
  return BEHIND.test(behind) || /[-(]/.test(behind)
}

/** A mark alone between quotation marks or brackets is itself what is quoted. */
function encloses(before: string, behind: string): boolean {
  return /^(?:""|''|“”|«»|\(\)|\[\]|\{\}|<>)$/.test(before + behind)
}

/** What programs, faces and ornaments write between marks: `__init__`, `(*_ _)m m(_ _*)`, `~*~ hi ~*~`. */
function isName(sign: string, size: number, text: string, start: number, end: number): boolean {
  if (end - start > 40) return false
  const inner = text.slice(start, end)
  if (isBetweenBrackets(inner) || inner.startsWith("~ ")) return true
  if (sign === "_") return size === 2 ? /^\w+$/.test(inner) : /^\(.*\)$/s.test(inner)
  return sign === "*" && size === 1 && /^[owu0]$/i.test(inner)
}

/** Whether it closes a bracket that was opened before it, and leaves one open that is closed behind it. */
export function isBetweenBrackets(text: string): boolean {
  const folded = text.replace(/（/g, "(").replace(/）/g, ")")
  const [first, last] = [folded.indexOf(")"), folded.lastIndexOf("(")]
  return first >= 0 && last > first && folded.slice(0, first).indexOf("(") < 0 && folded.slice(last).indexOf(")") < 0
}

function lastOf(text: string): string {
  return [...text].at(-1) ?? ""
}

function firstOf(text: string): string {
  return [...text][0] ?? ""
}

/** Texts beside each other as one. */
function joined(nodes: readonly Inline[]): readonly Inline[] {
  const all: Inline[] = []
  let pieces: string[] = []
  const finish = () => {
    if (pieces.length > 0) all.push({ type: "text", text: pieces.join("") })
    pieces = []
  }
  for (const node of nodes) {
    if (node.type === "text") pieces.push(node.text)
    else {
      finish()
      all.push(node)
    }
  }
  finish()
  return all
}
