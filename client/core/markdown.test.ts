import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import process from "node:process"
import { test } from "node:test"
import { safeLink } from "./links.ts"
import { asSent, type Block, type Inline, parseMarkdown, plainText } from "./markdown.ts"

type Node = Block | Inline

const partsOf = (node: Node): readonly Node[] => {
  if (node.type === "list") return node.items.flatMap((item) => item.children)
  if (node.type === "table") return node.rows.flat(2)
  return "children" in node ? node.children : []
}

const depthOf = (node: Node): number => 1 + Math.max(0, ...partsOf(node).map(depthOf))

const links = (nodes: readonly Node[]): string[] =>
  nodes.flatMap((node): string[] => [...(node.type === "link" ? [node.href] : []), ...links(partsOf(node))])

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
    { type: "paragraph", children: [{ type: "text", text: "a\nb <3 & c" }] },
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

/** Texts of a given length that cost the most where something is searched, nested or tried again. */
const WORST: Readonly<Record<string, (length: number) => string>> = {
  ...Object.fromEntries(
    [
      "_*a",
      "*a **b",
      "*a ",
      "a* ",
      "*a* ",
      "***a ",
      "*_~~a",
      "~~a ",
      "*.",
      "**",
      "[",
      "](",
      "[a](http:",
      "`",
      "` ``",
      "<",
      ">",
      "> ",
      ">\n",
      "- ",
      "- a\n",
      "1. ",
      "1. a\n\n",
      "+ a\n  b\n",
      "|",
      "|a|b|\n|-|-|\n",
      "\\",
      "\\*a ",
      "a\\* ",
      "# ",
      "```\n",
      "```a\n",
      " ",
      "\n",
      "http://a ",
      "a@",
      "a.",
      "www.",
      "@",
      "👩‍👩‍👧",
      "a\u0301",
      "\u202E",
    ].map((piece) => [piece, (length: number) => piece.repeat(Math.ceil(length / piece.length))]),
  ),
  "opened, then closed": (length) => "*a ".repeat(length / 6) + "a* ".repeat(length / 6),
  "opened thrice, then closed": (length) => "***a ".repeat(length / 10) + "b*** ".repeat(length / 10),
  "escaped, then closed": (length) => "\\*a ".repeat(length / 8) + "a\\* ".repeat(length / 8),
  "a list in a list": (length) => lines(length, (row) => `${"  ".repeat(row % 16)}- a`),
  "spaces and nothing": (length) => `# ${" ".repeat(length)}1`,
  "blank lines and a word": (length) => `\`\`\`\nx${"\n".repeat(length)}x`,
  "an address and dots": (length) => `https://a.example/${".".repeat(length)}x`,
  "an address of dashes": (length) => `https://${"a-".repeat(length / 2)}a`,
  "fences that nothing closes": (length) => lines(length, () => "```a b"),
  "comments above each other": (length) => lines(length, () => "# a"),
  "under a table": (length) => `a|b\n${"-|".repeat(length / 2)}x`,
}

function lines(length: number, line: (row: number) => string): string {
  let text = ""
  for (let row = 0; text.length < length; row += 1) text += `${line(row)}\n`
  return text
}

/** Microseconds of work: what other programs do meanwhile does not count. */
function cost(text: string): number {
  const before = process.cpuUsage()
  parseMarkdown(text)
  return process.cpuUsage(before).user
}

/** Whether four times the text costs clearly less than sixteen times as much. Measured again where the machine was busy. */
function isInProportion(small: string, large: string): boolean {
  for (let again = 0; again < 8; again += 1) {
    const least = Math.min(cost(small), cost(small), cost(small))
    if (cost(large) < 9 * least + 1_000) return true
  }
  return false
}

for (const [name, text] of Object.entries(WORST)) {
  test(`four times ${JSON.stringify(name)} cost about four times as much, and stay shallow`, () => {
    assert.ok(parseMarkdown(text(4_000)).every((block) => depthOf(block) < 40))
    assert.ok(isInProportion(text(5_000), text(20_000)))
  })
}

test("the signs that reorder a line are not shown", () => {
  assert.equal(plainText("a\u202Eb `c\u2066d` \u2067e"), "ab cd e")
})

test("a text is sent with its first indentation, without the blank lines around it", () => {
  assert.equal(asSent("\n  \n    if x:\n        y()\n\n"), "    if x:\n        y()")
  assert.equal(asSent(" \n\t\n"), "")
  assert.equal(asSent(`${"\n".repeat(9)}a`), "a")
})

test("a plain text keeps what was typed in front of items, and the cells of tables apart", () => {
  assert.equal(plainText("2) да\n3) нет"), "2) да 3) нет")
  assert.equal(plainText("- [ ] a\n- [x] b"), "- [ ] a - [x] b")
  assert.equal(plainText("|a|b|\n|-|-|\n|1|2|"), "a | b 1 | 2")
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

test("what other programs send to hooks is written so that no mark is left over", () => {
  const shelf = JSON.parse(readFileSync("tests/vectors/hooks.json", "utf8"))
  const said = shelf.cases.flatMap(({ says }: { says: { body: string } | null }) => (says === null ? [] : [says.body]))
  assert.ok(said.length > 30)
  for (const body of said) {
    const addresses = links(parseMarkdown(body))
    assert.equal(addresses.length >= (body.match(/\]\(/g) ?? []).length, true, body)
    assert.doesNotMatch(plainText(body).replaceAll("a*b*c", ""), /\*\*|~~|\]\(|^#/, body)
  }
})
