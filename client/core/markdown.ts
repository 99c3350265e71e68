/**
 * A message's text as a tree of the few things a message may contain: the dialect of docs/dialect.md.
 *
 * What comes out is built from a short list of known nodes, and the interface makes elements of them one by one. There
 * is never a string of HTML, so there is none to sanitise (docs/decisions/messages-without-html.md). Every step passes
 * over the text a fixed number of times, so that a message costs time in proportion to its length.
 */
import { blocksOf } from "./blocks.ts"
import { inOrder } from "./visible.ts"

/** A text may hold line ends. */
export type Inline =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "strong" | "em" | "del"; readonly children: readonly Inline[] }
  | { readonly type: "code"; readonly text: string }
  | { readonly type: "link"; readonly href: string; readonly children: readonly Inline[] }
  /** Only where members are known: mentions.ts. */
  | { readonly type: "mention"; readonly member: string; readonly text: string }

export type Align = "start" | "center" | "end"

export interface Item {
  /** As it was typed: `-`, `2)`. */
  readonly marker: string
  /** Whether the box of a task is ticked; null without a box. */
  readonly done: boolean | null
  readonly children: readonly Block[]
}

export type Block =
  | { readonly type: "paragraph" | "heading"; readonly children: readonly Inline[] }
  | { readonly type: "code"; readonly text: string; readonly language: string }
  | { readonly type: "quote"; readonly children: readonly Block[] }
  | { readonly type: "list"; readonly ordered: boolean; readonly loose: boolean; readonly items: readonly Item[] }
  | {
      readonly type: "table"
      readonly align: readonly Align[]
      /** The first is the head. */
      readonly rows: readonly (readonly (readonly Inline[])[])[]
    }

export function parseMarkdown(source: string): readonly Block[] {
  const text = inOrder(source).replace(/\r\n?/g, "\n")
  return blocksOf(text.split("\n"), 0)
}

/** The text alone, for a quote, a notification, a reader. */
export function plainText(source: string): string {
  return parseMarkdown(source).map(blockText).join(" ").replace(/\s+/g, " ").trim()
}

/** What is sent: the blank lines around a text are not part of it, its first indentation is. */
export function asSent(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd()
}

function blockText(block: Block): string {
  switch (block.type) {
    case "code":
      return block.text
    case "quote":
      return block.children.map(blockText).join(" ")
    case "list":
      return block.items.map(itemText).join(" ")
    case "table":
      return block.rows.map((cells) => cells.map(inlineText).join(" | ")).join(" ")
    default:
      return inlineText(block.children)
  }
}

function itemText({ marker, done, children }: Item): string {
  const box = done === null ? [] : [done ? "[x]" : "[ ]"]
  return [marker, ...box, ...children.map(blockText)].join(" ")
}

export function inlineText(inlines: readonly Inline[]): string {
  return inlines.map((inline) => ("children" in inline ? inlineText(inline.children) : inline.text)).join("")
}
