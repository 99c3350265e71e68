/**
 * The text of a line or a paragraph: code and links first, which are whole; emphasis in what is between them.
 *
 * The one place where a message's text is given to links.ts is `linksOf`.
 */
import { Emphasis, isBetweenBrackets } from "./emphasis.ts"
import { findLinks, safeLink } from "./links.ts"
import type { Inline } from "./markdown.ts"
import { isEmpty } from "./visible.ts"

/** A part of the text that is one thing. */
interface Part {
  readonly start: number
  readonly end: number
  readonly node: Inline
}

export function inlinesOf(text: string, linked = false): readonly Inline[] {
  const emphasis = new Emphasis(text)
  let at = 0
  for (const { start, end, node } of partsOf(text, linked)) {
    emphasis.read(at, start)
    emphasis.put(node)
    at = end
  }
  emphasis.read(at, text.length)
  return emphasis.finish()
}

function partsOf(text: string, linked: boolean): readonly Part[] {
  const code = codeIn(text)
  if (linked) return code
  const named = namedLinksIn(text, code)
  return merged(merged(named, code), linksOf(text))
}

/** Both, in order. Where they meet, the first have their place. */
function merged(first: readonly Part[], second: readonly Part[]): readonly Part[] {
  const all: Part[] = []
  let index = 0
  for (const part of second) {
    for (let one = first[index]; one !== undefined && one.end <= part.start; one = first[++index]) all.push(one)
    const next = first[index]
    if (next === undefined || part.end <= next.start) all.push(part)
  }
  return [...all, ...first.slice(index)]
}

function codeIn(text: string): readonly Part[] {
  const runs = [...text.matchAll(/`+/g)]
  const closing = closings(runs.map(([ticks]) => ticks.length))
  const parts: Part[] = []
  for (let index = 0; index < runs.length; index += 1) {
    const closer = closing[index]
    if (closer === undefined) continue
    const [from, to] = [runs[index]?.index ?? 0, runs[closer]?.index ?? 0]
    const length = runs[index]?.[0].length ?? 0
    const inner = text.slice(from + length, to)
    if (isEmpty(inner) || isNoCode(text, from, length, inner) || isQuotation(inner, text.charAt(to + length))) continue
    parts.push(text.charAt(from - 1) === "\\" ? literal(text, from, to + length) : codeOf(inner, from, to + length))
    index = closer
  }
  return parts
}

/** For every run of ticks the next one of the same length. */
function closings(lengths: readonly number[]): readonly (number | undefined)[] {
  const next = new Map<number, number>()
  const found: (number | undefined)[] = []
  for (let index = lengths.length - 1; index >= 0; index -= 1) {
    const length = lengths[index] ?? 0
    found[index] = next.get(length)
    next.set(length, index)
  }
  return found
}

/** An apostrophe, the cheeks of two faces, an accent among others (".·´¯`·."), a fence with nothing in it. */
function isNoCode(text: string, at: number, length: number, inner: string): boolean {
  if (length > 1) return length > 2 && inner.slice(inner.trimEnd().length).includes("\n")
  return isApostrophe(text, at) || isBetweenBrackets(inner) || /[´¨¯¸]/.test(text.charAt(at - 1) + inner)
}

/** "`tis and `twas", "``so'' and ``so''": the second ticks begin a word, as the first do. */
function isQuotation(inner: string, behind: string): boolean {
  return /^\S/.test(inner) && /\s/.test(inner.charAt(inner.length - 1)) && /\p{L}/u.test(behind)
}

/** "don`t", "5`": a letter or digit before it, of a script with spaces between words. */
export function isApostrophe(text: string, at: number): boolean {
  return /[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}\d]$/u.test(text.slice(Math.max(0, at - 2), at))
}

function codeOf(inner: string, start: number, end: number): Part {
  // One space on both sides makes room for ticks in the code.
  return { start, end, node: { type: "code", text: inner.replace(/^ (.*) $/s, "$1") } }
}

/** Escaped ticks: as typed, without the backslashes that kept them from working. */
function literal(text: string, from: number, end: number): Part {
  return { start: from - 1, end, node: { type: "text", text: text.slice(from, end).replace(/\\(`+)$/, "$1") } }
}

const DESTINATION = /\(<?((?:https?:|mailto:)[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)>?\)/iy

/** `[text](address)`. */
function namedLinksIn(text: string, code: readonly Part[]): readonly Part[] {
  const parts: Part[] = []
  let open: number[] = []
  let [next, end] = [0, 0]
  for (const { 0: sign, index } of text.matchAll(/[[\]]/g)) {
    for (let part = code[next]; part !== undefined && part.end <= index; part = code[next]) next += 1
    if (index < end || (code[next]?.start ?? index + 1) <= index) continue
    if (sign === "[") {
      open.push(index)
      continue
    }
    const start = open.pop()
    if (start === undefined || text.charAt(index + 1) !== "(") continue
    DESTINATION.lastIndex = index + 1
    const href = safeLink(DESTINATION.exec(text)?.[1] ?? "")
    const label = text.slice(start + 1, index)
    if (href === null || isEmpty(label)) continue
    if (text.charAt(start - 1) === "\\") {
      parts.push({ start: start - 1, end: start + 1, node: { type: "text", text: "[" } })
      continue
    }
    end = DESTINATION.lastIndex
    parts.push({ start, end, node: { type: "link", href, children: inlinesOf(label, true) } })
    open = [] // a link holds no link
  }
  return parts
}

/** Addresses that stand in the text. */
function linksOf(text: string): readonly Part[] {
  return findLinks(text).map(({ start, end, href }) => ({
    start,
    end,
    node: { type: "link", href, children: [{ type: "text", text: text.slice(start, end) }] },
  }))
}
