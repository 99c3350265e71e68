/**
 * A message's text as a tree of the few things a message may contain.
 *
 * marked reads the Markdown; what comes out here is built from a short list of known nodes, and the interface makes
 * elements of them one by one. There is never a string of HTML, so there is none to sanitise: what looks like HTML is
 * text (docs/decisions/messages-without-html.md). Links lead to http, https and mailto only.
 */
import { Lexer, type MarkedToken, type Token } from "marked"
import { safeLink } from "./links.ts"

export type Inline =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "strong" | "em" | "del"; readonly children: readonly Inline[] }
  | { readonly type: "code"; readonly text: string }
  | { readonly type: "link"; readonly href: string; readonly children: readonly Inline[] }
  | { readonly type: "break" }

export type Block =
  | { readonly type: "paragraph"; readonly children: readonly Inline[] }
  | { readonly type: "heading"; readonly children: readonly Inline[] }
  | { readonly type: "code"; readonly text: string; readonly language: string }
  | { readonly type: "quote"; readonly children: readonly Block[] }
  | {
      readonly type: "list"
      readonly ordered: boolean
      readonly start: number
      readonly items: readonly (readonly Block[])[]
    }
  | { readonly type: "rule" }

/** Deeper nesting than this is shown as text: nobody means it, and each level costs. */
const DEEPEST = 12

export function parseMarkdown(source: string): readonly Block[] {
  try {
    return blocksOf(Lexer.lex(source, { gfm: true, breaks: true }), 0)
  } catch {
    // marked reads nesting by calling itself: more than its stack holds is no Markdown.
    return asText(source)
  }
}

/** The text alone, for a quote, a notification, a reader. */
export function plainText(source: string): string {
  return parseMarkdown(source).map(blockText).join(" ").replace(/\s+/g, " ").trim()
}

function blocksOf(tokens: readonly Token[], depth: number): readonly Block[] {
  // as: Lexer.lex without extensions gives marked's own tokens only.
  return tokens.flatMap((token) => blockOf(token as MarkedToken, depth))
}

function blockOf(token: MarkedToken, depth: number): readonly Block[] {
  if (depth > DEEPEST) return asText(token.raw)
  switch (token.type) {
    case "space":
      return []
    case "paragraph":
    case "text":
      return [{ type: "paragraph", children: inlinesOf(token.tokens ?? [token]) }]
    case "heading":
      return [{ type: "heading", children: inlinesOf(token.tokens) }]
    case "code":
      return [{ type: "code", text: token.text, language: token.lang ?? "" }]
    case "blockquote":
      return [{ type: "quote", children: blocksOf(token.tokens, depth + 1) }]
    case "list":
      return [
        {
          type: "list",
          ordered: token.ordered,
          start: typeof token.start === "number" ? token.start : 1,
          items: token.items.map((item) => blocksOf(item.tokens, depth + 1)),
        },
      ]
    case "hr":
      return [{ type: "rule" }]
    default:
      return asText(token.raw)
  }
}

function asText(raw: string): readonly Block[] {
  return [{ type: "paragraph", children: linesOf(raw.trimEnd()) }]
}

function inlinesOf(tokens: readonly Token[], depth = 0): readonly Inline[] {
  // as: see blocksOf.
  return tokens.flatMap((token) => inlineOf(token as MarkedToken, depth + 1))
}

function inlineOf(token: MarkedToken, depth: number): readonly Inline[] {
  if (depth > DEEPEST) return linesOf(token.raw)
  switch (token.type) {
    case "strong":
    case "em":
    case "del":
      return [{ type: token.type, children: inlinesOf(token.tokens, depth) }]
    case "codespan":
      return [{ type: "code", text: token.text }]
    case "br":
      return [{ type: "break" }]
    case "link":
      return linkOf(token.href, inlinesOf(token.tokens, depth), token.raw)
    case "image":
      return linkOf(token.href, [{ type: "text", text: token.text || token.href }], token.raw)
    case "escape":
    case "text":
      return "tokens" in token && token.tokens ? inlinesOf(token.tokens, depth) : linesOf(token.text)
    default:
      return linesOf(token.raw)
  }
}

function linkOf(address: string, children: readonly Inline[], raw: string): readonly Inline[] {
  const href = safeLink(address)
  return href === null ? [{ type: "text", text: raw }] : [{ type: "link", href, children }]
}

function linesOf(text: string): readonly Inline[] {
  return text
    .split("\n")
    .flatMap((line, index): Inline[] =>
      ([{ type: "break" }, { type: "text", text: line }] as const).slice(index === 0 ? 1 : 0),
    )
}

function blockText(block: Block): string {
  switch (block.type) {
    case "code":
      return block.text
    case "quote":
      return block.children.map(blockText).join(" ")
    case "list":
      return block.items.map((item) => item.map(blockText).join(" ")).join(" ")
    case "rule":
      return ""
    default:
      return block.children.map(inlineText).join("")
  }
}

function inlineText(inline: Inline): string {
  if (inline.type === "break") return " "
  return "children" in inline ? inline.children.map(inlineText).join("") : inline.text
}
