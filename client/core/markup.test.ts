import assert from "node:assert/strict"
import { test } from "node:test"
import { parseMarkdown } from "./markdown.ts"
import { type Chosen, edited, fenceAt, inLanguage, TOOLS, type Tool } from "./markup.ts"

/** `a [b] c` with what is chosen between ‹ and ›; ‹› is a caret. */
function chosenIn(shown: string): Chosen {
  const start = shown.indexOf("‹")
  const end = shown.indexOf("›") - 1
  return { text: shown.replace(/[‹›]/g, ""), start, end }
}

function shown({ text, start, end }: Chosen): string {
  return `${text.slice(0, start)}‹${text.slice(start, end)}›${text.slice(end)}`
}

function after(tool: Tool, before: Chosen): Chosen {
  const { start, end, by, from, to } = edited(tool, before)
  return { text: before.text.slice(0, start) + by + before.text.slice(end), start: from, end: to }
}

function done(tool: Tool, before: string): string {
  return shown(after(tool, chosenIn(before)))
}

const CASES: readonly (readonly [Tool, string, string])[] = [
  ["bold", "say ‹this› now", "say **‹this›** now"],
  ["bold", "say ‹ this› now", "say  **‹this›** now"],
  ["bold", "say th‹›is now", "say **th‹›is** now"],
  ["bold", "say ‹›", "say **‹›**"],
  ["bold", "say *‹this›*", "say ***‹this›***"],
  ["bold", "‹one\n\ntwo›", "**‹one**\n\n**two›**"],
  ["italic", "say ‹это› now", "say *‹это›* now"],
  ["italic", "say **‹this›** now", "say ***‹this›*** now"],
  ["italic", "say ***‹this›*** now", "say **‹this›** now"],
  ["strike", "‹old› new", "~~‹old›~~ new"],
  ["code", "run ‹x = 1› now", "run `‹x = 1›` now"],
  ["code", "run ‹a`b› now", "run ``‹a`b›`` now"],
  ["link", "the ‹plan› is", "the [plan](‹https://›) is"],
  ["link", "‹https://example.org/a›", "[‹›](https://example.org/a)"],
  ["link", "‹›", "[‹›](https://)"],
  ["list", "one‹›", "- one‹›"],
  ["list", "‹one\n\ntwo›", "‹- one\n\n- two›"],
  ["list", "‹1. one\n2. two›", "‹- one\n- two›"],
  ["numbers", "o‹ne\ntwo\nth›ree", "‹1. one\n2. two\n3. three›"],
  ["numbers", "‹- one\n- two›", "‹1. one\n2. two›"],
  ["quote", "they ‹said›\nand I", "‹> they said›\nand I"],
  ["quote", "‹- one\n- two\n›three", "‹> - one\n> - two›\nthree"],
  ["block", "‹x = 1\ny = 2›", "```\n‹x = 1\ny = 2›\n```"],
  ["block", "see\nx‹› = 1\nend", "see\n```\nx‹› = 1\n```\nend"],
  ["block", "‹a\n```\nb›", "````\n‹a\n```\nb›\n````"],
  ["code", "‹x = 1\ny = 2›", "```\n‹x = 1\ny = 2›\n```"],
]

for (const [tool, before, want] of CASES) {
  test(`${tool} makes ${JSON.stringify(want)} of ${JSON.stringify(before)}`, () => {
    assert.equal(done(tool, before), want)
  })
}

const OFF: readonly (readonly [Tool, string, string])[] = [
  ["bold", "say **‹this›** now", "say ‹this› now"],
  ["bold", "say ‹**this**› now", "say ‹this› now"],
  ["bold", "say **th‹›is** now", "say th‹›is now"],
  ["bold", "say **‹›**", "say ‹›"],
  ["bold", "say ***‹this›***", "say *‹this›*"],
  ["bold", "‹**one**\n\n**two**›", "‹one\n\ntwo›"],
  ["italic", "‹*this*›", "‹this›"],
  ["strike", "~~‹old›~~ new", "‹old› new"],
  ["code", "run ``‹a`b›`` now", "run ‹a`b› now"],
  ["link", "the [plan](‹https://›) is", "the ‹plan› is"],
  ["link", "the [pl‹›an](https://example.org) is", "the ‹plan› is"],
  ["link", "[‹›](https://example.org/a)", "‹https://example.org/a›"],
  ["link", "[‹›](https://)", "‹›"],
  ["list", "- one‹›", "one‹›"],
  ["list", "‹- one\n\n* two›", "‹one\n\ntwo›"],
  ["numbers", "‹1. one\n2. two›", "‹one\ntwo›"],
  ["quote", "‹> one\n>two›", "‹one\ntwo›"],
  ["block", "see\n```py\n‹x = 1›\n```\nend", "see\n‹x = 1›\nend"],
]

for (const [tool, before, want] of OFF) {
  test(`a second ${tool} makes ${JSON.stringify(want)} of ${JSON.stringify(before)}`, () => {
    assert.equal(edited(tool, chosenIn(before)).off, true)
    assert.equal(done(tool, before), want)
  })
}

test("whatever a tool does, the same tool undoes", () => {
  for (const text of ["word", "two words", "Привет, мир", "a\nb", "x = f(1)\n\ny = 2"])
    for (const tool of TOOLS) {
      const before = { text, start: 0, end: text.length }
      const once = after(tool, before)
      assert.notEqual(once.text, text, tool)
      assert.equal(after(tool, once).text, text, `${tool} ${JSON.stringify(text)}`)
    }
})

test("what the tools make is what the reader of messages knows by it", () => {
  const kindOf = (tool: Tool, text: string) => {
    const [first] = parseMarkdown(after(tool, { text, start: 0, end: text.length }).text)
    return first?.type === "paragraph" ? first.children[0]?.type : first?.type
  }
  assert.deepEqual(
    (["bold", "italic", "strike", "list", "numbers", "quote", "code", "block"] as const).map((tool) =>
      kindOf(tool, tool === "code" ? "one" : "one\ntwo"),
    ),
    ["strong", "em", "del", "list", "list", "quote", "code", "code"],
  )
})

test("a block of code knows its language, and gets another one", () => {
  const before = chosenIn("see\n```py\nx‹› = 1\n```\nend")
  const fence = fenceAt(before)
  assert.equal(fence?.language, "py")
  assert.ok(fence)
  const { start, end, by, from, to } = inLanguage(before, fence, "ru st`")
  const text = before.text.slice(0, start) + by + before.text.slice(end)
  assert.equal(shown({ text, start: from, end: to }), "see\n```rust\nx‹› = 1\n```\nend")
  assert.equal(fenceAt(chosenIn("‹›see\n```py\nx = 1\n```\nend")), null)
  assert.equal(fenceAt(chosenIn("```\nnot closed ‹›")), null)
})
