/** The dialect by its examples: tests/vectors/dialect.json, which any other client may read as well. */
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { type Block, type Inline, type Item, parseMarkdown } from "./markdown.ts"

type Written = string | readonly Written[]
// as: the file's own shape, which the tests below would fail without.
const { as_typed, shown } = JSON.parse(readFileSync("tests/vectors/dialect.json", "utf8")) as {
  as_typed: Record<string, string[]>
  shown: Record<string, [string, Written[]][]>
}

const LETTERS = { strong: "b", em: "i", del: "s" }

const inlineOf = (node: Inline): string => {
  if (node.type === "text" || node.type === "mention") return node.text
  if (node.type === "code") return `‹c ${node.text}›`
  const inner = node.children.map(inlineOf).join("")
  return node.type === "link" ? `‹a ${node.href} ${inner}›` : `‹${LETTERS[node.type]} ${inner}›`
}

const textOf = (nodes: readonly Inline[]): string => nodes.map(inlineOf).join("")

const itemOf = ({ marker, done, children }: Item): Written => [
  `${marker}${done === null ? "" : done ? " [x]" : " [ ]"}`,
  ...children.map(blockOf),
]

const blockOf = (block: Block): Written => {
  switch (block.type) {
    case "paragraph":
      return textOf(block.children)
    case "heading":
      return ["h", textOf(block.children)]
    case "code":
      return ["code", block.language, block.text]
    case "quote":
      return ["quote", ...block.children.map(blockOf)]
    case "list":
      return [block.loose ? "loose list" : "list", ...block.items.map(itemOf)]
    case "table":
      return ["table", block.align.join(" "), ...block.rows.map((row) => row.map(textOf))]
  }
}

/** The text of paragraphs that hold nothing but text and addresses that stand in it; null for everything else. */
const plainOf = (blocks: readonly Block[]): string | null => {
  const texts = blocks.map((block) => {
    const bare = (node: Inline) => {
      if (node.type === "text" || node.type === "mention") return node.text
      return node.type === "link" ? node.children.map(inlineOf).join("") : null
    }
    const parts = block.type === "paragraph" ? block.children.map(bare) : [null]
    return parts.includes(null) ? null : parts.join("")
  })
  return texts.includes(null) ? null : texts.join("\n\n")
}

test("there are enough examples", () => {
  assert.ok(Object.values({ ...as_typed, ...shown }).flat().length >= 300)
})

for (const [kind, texts] of Object.entries(as_typed)) {
  test(`as typed: ${kind}`, () => {
    for (const text of texts) assert.equal(plainOf(parseMarkdown(text)), text.trimEnd() === "" ? text : text, text)
  })
}

for (const [kind, pairs] of Object.entries(shown)) {
  test(`shown: ${kind}`, () => {
    for (const [text, blocks] of pairs) assert.deepEqual(parseMarkdown(text).map(blockOf), blocks, text)
  })
}
