/**
 * The lines of a message: which of them are a fence, a heading, a quote, a list, a table. Every other line is text.
 *
 * A line counts for itself: the one behind a quote, an item or a table is none of theirs unless it says so.
 */
import { inlinesOf } from "./inlines.ts"
import type { Align, Block, Item } from "./markdown.ts"
import { isEmpty } from "./visible.ts"

/** What begins at a line, and the line behind it. Without a block those lines are text, as typed. */
interface Found {
  readonly block: Block | null
  readonly end: number
  /** Text in front of the block, on its first line, and behind it on its last. */
  readonly before?: string
  readonly behind?: string
}
type Reader = (lines: readonly string[], at: number, depth: number) => Found | null

/** Deeper nesting than this is shown as text: nobody means it, and each level costs. */
const DEEPEST = 12
const MOST_COLUMNS = 40
const READERS: readonly Reader[] = [fenceAt, headingAt, quoteAt, fenceInText, listAt, tableAt]

export function blocksOf(lines: readonly string[], depth: number): readonly Block[] {
  const blocks: Block[] = []
  let plain: string[] = []
  let blank = 0
  const finish = () => {
    // The first of several blank lines is the space between two blocks.
    const above = blocks.length > 0 && blank > 1 ? "\n".repeat(blank - 1) : ""
    if (plain.length > 0) {
      blocks.push({ type: "paragraph", children: inlinesOf(above + plain.map(unescaped).join("\n")) })
      blank = 0
    }
    plain = []
  }
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? ""
    if (!/\S/.test(line)) {
      finish()
      blank += 1
      at += 1
      continue
    }
    const found = depth < DEEPEST ? beginsAt(lines, at, depth) : null
    const end = found?.end ?? at + 1
    if (found?.block) {
      if (found.before !== undefined) plain.push(found.before)
      finish()
      blocks.push(found.block)
      if (found.behind !== undefined) plain.push(found.behind)
      blank = 0
    } else plain.push(...lines.slice(at, end))
    at = end
  }
  finish()
  return blocks
}

function beginsAt(lines: readonly string[], at: number, depth: number): Found | null {
  for (const read of READERS) {
    const found = read(lines, at, depth)
    if (found !== null) return found
  }
  return null
}

const FENCE = /^([^`]*)(`{3,})([^`]*)$/
const LANGUAGE = /^[\w+#.-]{0,20}$/

/** Without ticks that close it, it reaches to the end. */
function fenceAt(lines: readonly string[], at: number): Found | null {
  const [, before = "", ticks, rest = ""] = FENCE.exec(lines[at] ?? "") ?? []
  if (ticks === undefined || before.trim() !== "") return null
  const close = closeOf(lines, at + 1, ticks)
  return close === null && !LANGUAGE.test(rest.trim()) ? null : codeOf(lines, at, close, rest, before.length)
}

/** "Look: ```": ticks at the end of a line, which others close. */
function fenceInText(lines: readonly string[], at: number): Found | null {
  const [line = "", before = "", ticks, rest = ""] = FENCE.exec(lines[at] ?? "") ?? []
  const close = ticks === undefined ? null : closeOf(lines, at + 1, ticks)
  const inItem = signOf(line) !== null && widthOf(lines[at + 1] ?? "") > 1
  if (close === null || inItem || !LANGUAGE.test(rest.trim())) return null
  const found = codeOf(lines, at, close, rest, 0)
  return found.block === null ? found : { ...found, before }
}

interface Close {
  readonly at: number
  /** The text before the ticks on their line, and after them. */
  readonly before: string
  readonly behind?: string
}

function codeOf(lines: readonly string[], at: number, close: Close | null, rest: string, indent: number): Found {
  const language = LANGUAGE.test(rest.trim()) ? rest.trim() : ""
  const code = rest.trim() === language ? [] : [rest]
  code.push(...lines.slice(at + 1, close?.at).map((line) => dedent(line, indent)))
  if (close !== null && close.before !== "") code.push(close.before)
  const text = code.join("\n").trimEnd()
  const end = close === null ? lines.length : close.at + 1
  if (isEmpty(text)) return { block: null, end }
  return {
    block: { type: "code", text, language },
    end,
    ...(close?.behind === undefined ? {} : { behind: close.behind }),
  }
}

/** Of which length no ticks close a fence any more. */
const unclosed = new WeakMap<readonly string[], Set<number>>()

/** The line that ends with as many ticks, or begins with them: "``` thanks". */
function closeOf(lines: readonly string[], from: number, ticks: string): Close | null {
  const vain = unclosed.get(lines) ?? new Set()
  if (vain.has(ticks.length)) return null
  for (let at = from; at < lines.length; at += 1) {
    const line = (lines[at] ?? "").trimEnd()
    const [, opening = "", behind] = /^ {0,3}(`{3,}) +(?=\S)([^`]*)$/.exec(line) ?? []
    if (behind !== undefined && opening.length >= ticks.length) return { at, before: "", behind }
    let end = line.length
    while (line.charAt(end - 1) === "`") end -= 1
    const before = line.slice(0, end)
    if (line.length - before.length >= ticks.length && !before.includes(ticks)) {
      return { at, before: before.trim() === "" ? "" : before }
    }
  }
  unclosed.set(lines, vain.add(ticks.length))
  return null
}

const HEADING = /^ {0,3}#{1,6} +(?=\S)(?![-=#]{2})/
/** What stands beside a comment: assignments, options, calls, prompts, commands, settings, a line of `#`. */
const CODE =
  /^\s*(?:#!|#{2,}$|[$%] \S|[\w.$"'[\]-]+ ?[-+:|]?= ?\S|[a-z][\w-]*: \S+$|\[[\w .-]+\]$|(?:\d{1,3}\.){3}\d|[-dl][r-][w-]|(?:sudo|cd|ls|git|np[mx]|pip3?|apt|brew|docker|kubectl|curl|ssh|echo|export|import|def) \S|(?:let|const|var) \S+ =|from \S+ import )|\s--?[a-z]|\w\([^()]*\);?$|[;{}]$/

function headingAt(lines: readonly string[], at: number): Found | null {
  const line = lines[at] ?? ""
  const text = line.replace(HEADING, "")
  if (text === line || !/\p{L}/u.test(text) || isComment(lines, at)) return null
  return { block: { type: "heading", children: inlinesOf(text) }, end: at + 1 }
}

/** "# install" above or below "sudo apt install x"; other comments may stand between. "# ls -la" is a prompt. */
function isComment(lines: readonly string[], at: number): boolean {
  if (!/^ {0,3}# /.test(lines[at] ?? "")) return false
  const beside = [-1, 1].map((step) => {
    let next = at + step
    while (HEADING.test(lines[next] ?? "") && Math.abs(next - at) < 8) next += step
    return lines[next] ?? ""
  })
  return [(lines[at] ?? "").replace(HEADING, ""), ...beside].some((line) => CODE.test(line.slice(0, 200)))
}

function quoteAt(lines: readonly string[], at: number, depth: number): Found | null {
  const quoted: string[] = []
  for (let next = at; next < lines.length; next += 1) {
    const text = quotedIn(lines[next] ?? "", next > at)
    if (text === null) break
    quoted.push(text)
  }
  if (quoted.length === 0) return null
  const empty = isEmpty(quoted.join(""))
  return { block: empty ? null : { type: "quote", children: blocksOf(quoted, depth + 1) }, end: at + quoted.length }
}

/** What a line quotes. A sign without a space is often none: `>_<`, `>5`, `>>> print(1)`; after others it may be one. */
function quotedIn(line: string, after = false): string | null {
  const text = /^ {0,3}>(.*)$/s.exec(line)?.[1]
  if (text === undefined || text.startsWith(">>") || /^ *[^\s>]{0,3} ?[<＜]\s*$|^\p{L}{1,3}>\s*$/u.test(text))
    return null
  if (/^\s|^$/.test(text)) return text.slice(1)
  if (text.startsWith(">")) return quotedIn(text) && !/<\s*$/.test(text) ? text : null
  if (after && /^[\p{L}\p{N}]/u.test(text)) return text
  return /^(?!\p{L}{1,3}[<＜])[\p{L}\p{Pi}„「『]./u.test(text) ? text : null
}

// A sign behind the sign is a picture or a table of times (cron), a number behind the number a date.
const ITEM = /^([ \t]*)([-*+](?![ \t]+[-*+][ \t])|\d{1,9}[.)](?![ \t]+\d{1,2}\.(?:\s|$)))([ \t]+)(?=\S)/
const TASK = /^\[([ xX])\][ \t]+(?=\S)/
const WORD = /[\p{L}\p{Extended_Pictographic}]/u

interface Sign {
  readonly indent: number
  readonly marker: string
  readonly ordered: boolean
  readonly text: string
}

function signOf(line: string): Sign | null {
  const [all = "", space = "", marker] = ITEM.exec(line) ?? []
  if (marker === undefined) return null
  return { indent: widthOf(space), marker, ordered: /\d/.test(marker), text: line.slice(all.length) }
}

function listAt(lines: readonly string[], at: number, depth: number): Found | null {
  const first = signOf(lines[at] ?? "")
  if (first === null || first.indent > 3) return null
  const items: { readonly marker: string; readonly lines: string[] }[] = []
  let [end, loose] = [at, false]
  for (let next = at; next < lines.length; next += 1) {
    const line = lines[next] ?? ""
    if (!/\S/.test(line)) continue
    const apart = next > end
    const inside = widthOf(line) >= first.indent + 2
    const sign = inside && next > at ? null : signOf(line)
    const item = items.at(-1)
    if (sign !== null && sign.ordered === first.ordered && !(apart && differs(sign, first))) {
      items.push({ marker: sign.marker, lines: [sign.text] })
    } else if (inside && item !== undefined) {
      for (let gap = end; gap < next; gap += 1) item.lines.push("")
      item.lines.push(dedent(line, first.indent + first.marker.length + 1))
    } else break
    loose ||= apart
    end = next + 1
  }
  // The lines of a comment: "/**", " * @param x".
  const comment = /^\s*\/\*/.test(lines[at - 1] ?? "") || /^\s*\*\//.test(lines[end] ?? "")
  if (comment || !isList(items)) return { block: null, end: items.length === 1 ? at + 1 : end }
  const read = items.map(({ marker, lines }) => itemOf(marker, lines, depth + 1))
  return { block: { type: "list", ordered: first.ordered, loose, items: read }, end }
}

function differs(one: Sign, other: Sign): boolean {
  return !one.ordered && one.marker !== other.marker
}

/** Whether somebody lists things: not a date, a phone number, a sum, a title between dashes, no signs with a meaning. */
function isList(items: readonly { readonly marker: string; readonly lines: readonly string[] }[]): boolean {
  const [{ marker, lines } = { marker: "", lines: [] }, second] = items
  const single = second === undefined
  if (/\d/.test(marker)) return !single || lines.length > 1
  // "- 5°C today", "- title -"
  if (single && (marker === "+" || /^\p{Sc}?\d/u.test(lines[0] ?? "") || lines[0]?.endsWith(` ${marker}`))) return false
  // Lines of a difference: "- x = f(1);"
  if (items.every(({ lines }) => /^[^=(]*[=(].*[;{]$/.test(lines[0] ?? ""))) return false
  const says = (line: string) => WORD.test(line.replace(/^\[[ xX]\]\s*/, ""))
  return items.every((item) => item.marker === marker) && items.some((item) => item.lines.some(says))
}

function itemOf(marker: string, lines: readonly string[], depth: number): Item {
  const [first = "", ...rest] = lines
  const task = TASK.exec(first)
  return {
    marker,
    done: task === null ? null : task[1] !== " ",
    children: blocksOf([first.slice(task?.[0].length ?? 0), ...rest], depth),
  }
}

function tableAt(lines: readonly string[], at: number): Found | null {
  const head = lines[at] ?? ""
  const under = lines[at + 1] ?? ""
  if (!(head.includes("|") && /^[\s|:-]+$/.test(under) && under.includes("|"))) return null
  const align = cellsOf(under).map(alignOf)
  const names = cellsOf(head)
  if (align.includes(null) || names.length !== align.length || align.length > MOST_COLUMNS) return null
  const rows = [names]
  let end = at + 2
  for (; end < lines.length && (lines[end] ?? "").includes("|"); end += 1) rows.push(cellsOf(lines[end] ?? ""))
  if (!rows.every((row) => row.length <= MOST_COLUMNS) || isEmpty(rows.flat().join(""))) return { block: null, end }
  const table = rows.map((row) => row.map((cell) => inlinesOf(cell)))
  return { block: { type: "table", align: align.map((side) => side ?? "start"), rows: table }, end }
}

function cellsOf(line: string): string[] {
  const cells = line
    .trim()
    .replace(/^\|/, "")
    .split(/(?<!\\)\|/)
  if (cells.length > 1 && cells.at(-1) === "") cells.pop()
  return cells.map((cell) => cell.trim().replace(/\\\|/g, "|"))
}

function alignOf(cell: string): Align | null {
  if (!/^:?-+:?$/.test(cell)) return null
  if (!cell.endsWith(":")) return "start"
  return cell.startsWith(":") ? "center" : "end"
}

/** A backslash in front of a line's sign keeps it from being one, and is not shown. */
function unescaped(line: string): string {
  const bare = line.replace(/^([ \t]*)\\(?=[#>*+-])|^([ \t]*\d{1,9})\\(?=[.)])/, "$1$2")
  return bare !== line && (HEADING.test(bare) || quotedIn(bare) || signOf(bare) !== null) ? bare : line
}

/** How wide the white space at a line's beginning is; a tab goes to the next fourth column. */
function widthOf(line: string): number {
  let width = 0
  for (const sign of line) {
    if (sign === " ") width += 1
    else if (sign === "\t") width += 4 - (width % 4)
    else break
  }
  return width
}

/** The line without so much of its indentation. */
function dedent(line: string, width: number): string {
  let at = 0
  for (let gone = 0; gone < width && /[ \t]/.test(line.charAt(at)); at += 1) {
    gone += line.charAt(at) === "\t" ? 4 - (gone % 4) : 1
  }
  return line.slice(at)
}
