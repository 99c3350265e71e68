/** What a message says as elements, made one by one: never HTML (core/markdown.ts). */
import { hostBeside } from "../core/links.ts"
import { type Block, type Inline, type Item, inlineText, parseMarkdown } from "../core/markdown.ts"
import { type Names, withMentions } from "../core/mentions.ts"
import { el } from "./elements.ts"

export function contentOf(body: string, names: Names): readonly Node[] {
  return withMentions(parseMarkdown(body), names).map((block) => blockOf(block))
}

function blockOf(block: Block): Node {
  switch (block.type) {
    case "paragraph":
      return el("p", {}, inlinesOf(block.children))
    case "heading":
      return el("p", { class: "heading" }, inlinesOf(block.children))
    case "code":
      return el("pre", { tabindex: "0" }, [el("code", {}, [block.text])])
    case "quote":
      return el("blockquote", { dir: "auto" }, block.children.map(blockOf))
    case "list":
      return el(
        block.ordered ? "ol" : "ul",
        { dir: "auto" },
        block.items.map((item) => itemOf(item, block.ordered)),
      )
    case "table":
      return el("div", { class: "table", tabindex: "0" }, [el("table", {}, block.rows.map(rowOf))])
  }
}

function itemOf({ marker, done, children }: Item, ordered: boolean): Node {
  const box = done === null ? [] : [done ? "☑ " : "☐ "]
  return el("li", {}, [...(ordered ? [`${marker} `] : []), ...box, ...children.map(blockOf)])
}

const rowOf = (cells: readonly (readonly Inline[])[], row: number) =>
  el(
    "tr",
    {},
    cells.map((cell) => el(row === 0 ? "th" : "td", {}, inlinesOf(cell))),
  )

const inlinesOf = (inlines: readonly Inline[]): readonly (Node | string)[] => inlines.flatMap(inlineOf)

function inlineOf(inline: Inline): readonly (Node | string)[] {
  switch (inline.type) {
    case "text":
      return [inline.text]
    case "mention":
      return [el("span", { class: "mention" }, [inline.text])]
    case "code":
      return [el("code", {}, [inline.text])]
    case "link": {
      const host = hostBeside(inline.href, inlineText(inline.children))
      const link = el(
        "a",
        { href: inline.href, rel: "noreferrer noopener", target: "_blank" },
        inlinesOf(inline.children),
      )
      return host === null ? [link] : [link, ` (${host})`]
    }
    default:
      return [el(inline.type, {}, inlinesOf(inline.children))]
  }
}
