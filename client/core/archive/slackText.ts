/** The text of a message as Slack keeps it: its own marks, `<@U…>` for mentions, and three signs as entities. */
import { type Block, type Inline, parseMarkdown } from "../markdown.ts"
import { type Names, withMentions } from "../mentions.ts"

/** @param idOf the id by which the export names a member. */
export function slackText(body: string, names: Names, idOf: (member: string) => string): string {
  return withMentions(parseMarkdown(body), names)
    .map((block) => blockText(block, idOf))
    .join("\n")
}

type IdOf = Parameters<typeof slackText>[2]

function blockText(block: Block, idOf: IdOf): string {
  switch (block.type) {
    case "paragraph":
      return inlinesText(block.children, idOf)
    case "heading":
      return `*${inlinesText(block.children, idOf)}*`
    case "code":
      return `\`\`\`${escaped(block.text)}\`\`\``
    case "quote":
      return indented(block.children.map((child) => blockText(child, idOf)).join("\n"), "&gt; ")
    case "list":
      return block.items
        .map(({ marker, done, children }) => {
          const box = done === null ? "" : done ? "[x] " : "[ ] "
          const sign = block.ordered ? marker : BULLET
          return `${sign} ${box}${indented(children.map((child) => blockText(child, idOf)).join("\n"), "    ").trimStart()}`
        })
        .join("\n")
    case "table":
      return block.rows.map((cells) => cells.map((cell) => inlinesText(cell, idOf)).join(" | ")).join("\n")
  }
}

export const BULLET = "•"

const indented = (text: string, by: string) => text.replace(/^/gm, by)

const inlinesText = (inlines: readonly Inline[], idOf: IdOf): string =>
  inlines.map((inline) => inlineText(inline, idOf)).join("")

/** Slack's marks by ours; importing/slackBody.ts reads them back, and the entities. */
export const MARKS = { strong: "*", em: "_", del: "~" } as const

/** The three signs that mean something, `&` first. */
export const ENTITIES = [
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
] as const

function inlineText(inline: Inline, idOf: IdOf): string {
  switch (inline.type) {
    case "text":
      return escaped(inline.text)
    case "code":
      return `\`${escaped(inline.text)}\``
    case "mention":
      return `<@${idOf(inline.member)}>`
    case "link": {
      const text = inlinesText(inline.children, idOf)
      const href = escaped(inline.href).replaceAll("|", "%7C")
      return text === href ? `<${href}>` : `<${href}|${text.replaceAll("|", "¦")}>`
    }
    default:
      return `${MARKS[inline.type]}${inlinesText(inline.children, idOf)}${MARKS[inline.type]}`
  }
}

const escaped = (text: string) => ENTITIES.reduce((all, [sign, entity]) => all.replaceAll(sign, entity), text)
