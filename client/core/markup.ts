/** What the tools of a writing field do to its text (docs/dialect.md): marks around words or before lines, and off again. */

export const TOOLS = ["bold", "italic", "strike", "link", "list", "numbers", "quote", "code", "block"] as const
export type Tool = (typeof TOOLS)[number]

/** What is to be done with a text: one replacement, so that one step undoes it, and what is chosen afterwards. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly by: string
  readonly from: number
  readonly to: number
  /** The tool takes off what it has put on before. */
  readonly off: boolean
}

/** A text, and what of it is chosen. */
export interface Chosen {
  readonly text: string
  readonly start: number
  readonly end: number
}

export function edited(tool: Tool, chosen: Chosen): Edit {
  switch (tool) {
    case "bold":
      return inline(chosen, "*", 2)
    case "italic":
      return inline(chosen, "*", 1)
    case "strike":
      return inline(chosen, "~", 2)
    case "code":
      return chosen.text.slice(chosen.start, chosen.end).includes("\n") ? block(chosen) : code(chosen)
    case "link":
      return link(chosen)
    case "list":
      return lines(chosen, /^( {0,3})[-*+] (?!\[[ x]\] )/, () => "- ")
    case "numbers":
      return lines(chosen, /^( {0,3})\d{1,9}[.)] /, (number) => `${number}. `)
    case "quote":
      return lines(chosen, /^( {0,3})> ?/, () => "> ")
    case "block":
      return block(chosen)
  }
}

/** How many of a sign stand directly before or behind a place. */
function run(text: string, sign: string, at: number, step: 1 | -1): number {
  let count = 0
  while (text[step === 1 ? at + count : at - 1 - count] === sign) count += 1
  return count
}

/** Of what is chosen, the words: without white space around them, or the word in which the caret stands. */
function words({ text, start, end }: Chosen, sign: string): Chosen {
  let [from, to] = [start, end]
  if (from === to) {
    from -= /[\p{L}\p{N}\p{M}_]*$/u.exec(text.slice(0, from))?.[0].length ?? 0
    to += /^[\p{L}\p{N}\p{M}_]*/u.exec(text.slice(to))?.[0].length ?? 0
    return { text, start: from, end: to }
  }
  const inside = text.slice(from, to)
  if (inside.trim() === "") return { text, start: to, end: to }
  from += inside.length - inside.trimStart().length
  to -= inside.length - inside.trimEnd().length
  // Marks that are chosen as well, as far as there is anything between them.
  const [before, behind] = [run(text, sign, from, 1), run(text, sign, to, -1)]
  if (before + behind >= to - from) return { text, start: from, end: to }
  from += before
  to -= behind
  return { text, start: from + (/^\s*/.exec(text.slice(from, to))?.[0].length ?? 0), end: to }
}

/** One of the marks that stand around words: as many of a sign on both sides. */
function inline(chosen: Chosen, sign: "*" | "~", count: 1 | 2): Edit {
  const { text } = chosen
  const pieces = linesOf(chosen)
    .map((line) => words(line, sign))
    .filter(({ start, end }, _, all) => all.length === 1 || start < end)
  const isOn = ({ start, end }: Chosen) => {
    const around = Math.min(run(text, sign, start, -1), run(text, sign, end, 1), 3)
    return count === 2 ? around >= 2 : around % 2 === 1
  }
  const off = pieces.length > 0 && pieces.every(isOn)
  const [first, last] = [pieces[0], pieces.at(-1)]
  if (first === undefined || last === undefined) return nothing(chosen)
  const mark = sign.repeat(count)
  const reach = off ? count : 0
  let by = ""
  let at = first.start - reach
  for (const piece of pieces) {
    const inside = text.slice(piece.start, piece.end)
    const skip = off || isOn(piece)
    by += text.slice(at, piece.start - reach) + (skip ? inside : mark + inside + mark)
    at = piece.end + reach
  }
  const shift = off ? -count : isOn(first) ? 0 : count
  const edit = { start: first.start - reach, end: last.end + reach, by, off }
  if (chosen.start === chosen.end) return { ...edit, from: chosen.start + shift, to: chosen.start + shift }
  const behind = off || isOn(last) ? 0 : count
  return { ...edit, from: first.start + shift, to: edit.start + by.length - behind }
}

function code(chosen: Chosen): Edit {
  const { text, start, end } = words(chosen, "`")
  const inside = text.slice(start, end)
  const around = Math.min(run(text, "`", start, -1), run(text, "`", end, 1))
  const caret = (shift: number) =>
    chosen.start === chosen.end
      ? { from: chosen.start + shift, to: chosen.start + shift }
      : { from: start + shift, to: end + shift }
  if (around > 0) return { start: start - around, end: end + around, by: inside, off: true, ...caret(-around) }
  const longest = Math.max(0, ...[...inside.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const ticks = "`".repeat(longest + 1)
  return { start, end, by: ticks + inside + ticks, off: false, ...caret(ticks.length) }
}

const ADDRESS = "https://"

function link(chosen: Chosen): Edit {
  const { text, start, end } = chosen
  for (const { index, 0: whole, 1: label = "", 2: address = "" } of text.matchAll(/\[([^[\]]*)\]\(([^()\s]*)\)/g)) {
    if (start < index || end > index + whole.length) continue
    const left = label !== "" || address === ADDRESS ? label : address
    return { start: index, end: index + whole.length, by: left, off: true, from: index, to: index + left.length }
  }
  const place = words(chosen, "")
  const inside = text.slice(place.start, place.end)
  const isAddress = /^https?:\/\/\S+$/.test(inside)
  const by = isAddress ? `[](${inside})` : `[${inside}](${ADDRESS})`
  const { start: at } = place
  // What is missing is where one goes on writing.
  const [from, to] =
    isAddress || inside === "" ? [at + 1, at + 1] : [at + by.length - 1 - ADDRESS.length, at + by.length - 1]
  return { start: at, end: place.end, by, off: false, from, to }
}

/** The lines that are chosen, each as far as it is. */
function linesOf({ text, start, end }: Chosen): readonly Chosen[] {
  const found: Chosen[] = []
  let at = start
  for (const line of text.slice(start, end).split("\n")) {
    found.push({ text, start: at, end: at + line.length })
    at += line.length + 1
  }
  return found
}

/** From the beginning of the first line that is chosen to the end of the last. */
function wholeLines({ text, start, end }: Chosen): Chosen {
  // A line of which only the end of the one before is chosen is not meant.
  const last = end > start && text[end - 1] === "\n" ? end - 1 : end
  const behind = text.indexOf("\n", last)
  return { text, start: text.lastIndexOf("\n", start - 1) + 1, end: behind < 0 ? text.length : behind }
}

const LIST = /^( {0,3})(?:[-*+]|\d{1,9}[.)]) /

function lines(chosen: Chosen, has: RegExp, markOf: (number: number) => string): Edit {
  const { text, start, end } = wholeLines(chosen)
  const all = text.slice(start, end).split("\n")
  const isMeant = (line: string) => all.length === 1 || line.trim() !== ""
  const meant = all.filter(isMeant)
  const off = meant.length > 0 && meant.every((line) => has.test(line))
  let number = 0
  const changed = all.map((line) => {
    if (!isMeant(line)) return line
    if (off) return line.replace(has, "$1")
    number += 1
    const bare = has.test("> ") ? line : line.replace(LIST, "$1")
    return markOf(number) + bare
  })
  const by = changed.join("\n")
  if (chosen.start !== chosen.end) return { start, end, by, off, from: start, to: start + by.length }
  // The caret stays before the sign that it stood before.
  const caret = Math.max(start, chosen.start + by.length - (end - start))
  return { start, end, by, off, from: caret, to: caret }
}

const FENCE = /^ {0,3}(`{3,})[^`\n]*$/

function block(chosen: Chosen): Edit {
  const fence = fenceAt(chosen)
  if (fence !== null) {
    const { text, start, end } = { ...chosen, start: fence.start, end: fence.end }
    const by = text.slice(fence.inner, Math.max(fence.inner, fence.innerEnd))
    const back = fence.inner - start
    const clamp = (at: number) => Math.min(Math.max(at - back, start), start + by.length)
    return { start, end, by, off: true, from: clamp(chosen.start), to: clamp(chosen.end) }
  }
  const { text, start, end } = wholeLines(chosen)
  const inside = text.slice(start, end)
  const longest = Math.max(2, ...[...inside.matchAll(/^ {0,3}(`{3,})/gm)].map(([, ticks = ""]) => ticks.length))
  const ticks = "`".repeat(longest + 1)
  const by = `${ticks}\n${inside}\n${ticks}`
  const shift = ticks.length + 1
  return { start, end, by, off: false, from: chosen.start + shift, to: Math.min(chosen.end, end) + shift }
}

/** A block of code: from its first ticks to its last, what is inside, and where its language stands. */
export interface Fence {
  readonly start: number
  readonly end: number
  readonly inner: number
  readonly innerEnd: number
  readonly language: string
  readonly languageAt: number
}

/** The block of code in which everything that is chosen stands. */
export function fenceAt({ text, start, end }: Chosen): Fence | null {
  let at = 0
  let open: { at: number; ticks: string; line: string } | null = null
  for (const line of text.split("\n")) {
    const ticks = FENCE.exec(line)?.[1]
    const behind = at + line.length
    if (open === null && ticks !== undefined) open = { at, ticks, line }
    else if (open !== null && line.trim().startsWith(open.ticks) && /^`+$/.test(line.trim())) {
      if (start >= open.at && end <= behind) {
        const languageAt = open.at + open.line.indexOf(open.ticks) + open.ticks.length
        const inner = open.at + open.line.length + 1
        const language = text.slice(languageAt, inner - 1)
        return { start: open.at, end: behind, inner, innerEnd: at - 1, language: language.trim(), languageAt }
      }
      open = null
    }
    at = behind + 1
  }
  return null
}

/** Another language for a block of code; the caret stays where it is in the code. */
export function inLanguage({ start, end }: Chosen, fence: Fence, language: string): Edit {
  const by = language.replace(/[`\s]+/g, "")
  const last = fence.inner - 1
  const shift = (at: number) =>
    at < fence.inner ? fence.languageAt + by.length : at + by.length - (last - fence.languageAt)
  return { start: fence.languageAt, end: last, by, off: by === "", from: shift(start), to: shift(end) }
}

function nothing({ start, end }: Chosen): Edit {
  return { start: end, end, by: "", off: false, from: start, to: end }
}
