import assert from "node:assert/strict"
import process from "node:process"
import { test } from "node:test"
import { safeLink } from "./links.ts"
import { type Block, type Inline, parseMarkdown, plainText } from "./markdown.ts"

const depthOf = (node: Block | Inline): number => {
  const parts = node.type === "list" ? node.items.flat() : "children" in node ? node.children : []
  return 1 + Math.max(0, ...parts.map(depthOf))
}

const links = (nodes: readonly (Block | Inline)[]): string[] =>
  nodes.flatMap((node): string[] => {
    const own = node.type === "link" ? [node.href] : []
    const items = node.type === "list" ? node.items.flatMap((item) => links(item)) : []
    return "children" in node ? [...own, ...links(node.children)] : [...own, ...items]
  })

test("emphasis, code, lists, quotes and links are understood", () => {
  assert.deepEqual(parseMarkdown("a **b** *c* ~~d~~ `e`")[0], {
    type: "paragraph",
    children: [
      { type: "text", text: "a " },
      { type: "strong", children: [{ type: "text", text: "b" }] },
      { type: "text", text: " " },
      { type: "em", children: [{ type: "text", text: "c" }] },
      { type: "text", text: " " },
      { type: "del", children: [{ type: "text", text: "d" }] },
      { type: "text", text: " " },
      { type: "code", text: "e" },
    ],
  })
  assert.deepEqual(parseMarkdown("```js\n<b>&amp;</b>\n```"), [{ type: "code", text: "<b>&amp;</b>", language: "js" }])
  assert.equal(parseMarkdown("> a")[0]?.type, "quote")
  assert.equal(parseMarkdown("3. a\n4. b")[0]?.type, "list")
  assert.deepEqual(links(parseMarkdown("see https://example.org/a")), ["https://example.org/a"])
})

test("line breaks stay, and < and & are what they are", () => {
  assert.deepEqual(parseMarkdown("a\nb <3 & c"), [
    {
      type: "paragraph",
      children: [{ type: "text", text: "a" }, { type: "break" }, { type: "text", text: "b <3 & c" }],
    },
  ])
})

test("HTML is text", () => {
  assert.equal(
    plainText("<img src=x onerror=alert(1)> <script>alert(1)</script>"),
    "<img src=x onerror=alert(1)> <script>alert(1)</script>",
  )
})

const ADDRESSES = [
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  " javascript:alert(1)",
  "java\tscript:alert(1)",
  "java\nscript:alert(1)",
  "\u0001javascript:alert(1)",
  "javascript&colon;alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:msgbox(1)",
  "file:///etc/passwd",
  "blob:https://chat.example/1",
  "//evil.example",
  "/relative",
  "#fragment",
  "ftp://example.org",
  "intent://x",
  "",
]

for (const address of ADDRESSES) {
  test(`a message may not link to ${JSON.stringify(address)}`, () => {
    assert.equal(safeLink(address), null)
    for (const source of [
      `[x](${address})`,
      `[x](<${address}>)`,
      `<${address}>`,
      `![x](${address})`,
      `[x][1]\n\n[1]: ${address}`,
    ]) {
      for (const href of links(parseMarkdown(source))) assert.match(href, /^(https?|mailto):/)
    }
  })
}

test("http, https and mailto may be linked to", () => {
  for (const address of ["http://a.example/", "https://a.example/?q=1#x", "mailto:a@b.example"]) {
    assert.equal(safeLink(address), address)
  }
})

test("nesting that nobody means does not cost the page its life", () => {
  const before = process.cpuUsage()
  for (const source of [
    ">".repeat(4000),
    "*".repeat(4000),
    "[".repeat(4000),
    `${"- ".repeat(1500)}x`,
    "`".repeat(4000),
    "_a".repeat(2000),
    `1. ${">".repeat(2000)}`,
    `${"1. ".repeat(1300)}x`,
    `${"*a_".repeat(660)}x${"_a*".repeat(660)}`,
  ]) {
    assert.ok(parseMarkdown(source).every((block) => depthOf(block) < 40))
  }
  assert.ok(process.cpuUsage(before).user < 3_000_000) // microseconds of work: what others do meanwhile does not count
})

test("what only looks like a reference is shown", () => {
  for (const source of ["[INFO]: started", "[Anna]: yes\n[Anna]: no", "[1]: https://example.org/"]) {
    assert.equal(plainText(source), source.replace("\n", " "))
  }
})
