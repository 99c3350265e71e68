import assert from "node:assert/strict"
import { test } from "node:test"
import { MOST_BODY, MOST_EMOJIS, MOST_FILES, MOST_MENTIONS, MOST_REACTIONS, MOST_TEXT } from "./limits.ts"
import { type Draft, idOf, shaped, textsOf } from "./shaping.ts"
import type { Attachment, Said } from "./source.ts"

const DRAFT: Draft = {
  called: "slack/C1/1",
  author: "U1",
  sentAt: 1,
  editedAt: null,
  body: "hello",
  replyTo: "r",
  mentions: ["U2"],
  reactions: new Map([["👍", new Set(["U1"])]]),
  files: [],
  where: "general 1",
}
const file = (index: number): Attachment => ({ key: `f${index}`, name: "a.txt", type: "text/plain", size: 1 })
const saidOf = (draft: Partial<Draft>) =>
  [...shaped({ ...DRAFT, ...draft })].filter((each): each is Said => !("why" in each))
const whyOf = (draft: Partial<Draft>) =>
  [...shaped({ ...DRAFT, ...draft })].flatMap((each) => ("why" in each ? each.why : []))
const people = (count: number) => new Set(Array.from({ length: count }, (_, index) => `U${index}`))

test("a message that fits stays one, with an id of its own or the one that it has", () => {
  const { called: _, ...rest } = DRAFT
  assert.deepEqual(saidOf({}), [{ ...rest, reactions: { "👍": ["U1"] }, id: idOf("slack/C1/1") }])
  assert.equal(saidOf({ id: "own" })[0]?.id, "own")
})

test("a text that is too long becomes several messages, of which the first has what belongs to the whole", () => {
  const body = `${"word ".repeat(799)}end. ${"more ".repeat(700)}`
  const [first, second, ...others] = saidOf({ body, files: [file(1)] })
  assert.equal(others.length, 0)
  assert.deepEqual([first?.replyTo, first?.files, second?.replyTo, second?.mentions], ["r", [], null, []])
  assert.deepEqual([second?.reactions, second?.files.length, second?.id], [{}, 1, idOf("slack/C1/1/2")])
  assert.equal(`${first?.body} ${second?.body}`.replace(/\s+/g, " ").trim(), body.replace(/\s+/g, " ").trim())
})

test("files that are too many go into messages of their own", () => {
  const files = Array.from({ length: MOST_FILES * 2 + 1 }, (_, index) => file(index))
  const messages = saidOf({ files })
  assert.deepEqual(
    messages.map((each) => each.files.length),
    [MOST_FILES, MOST_FILES, 1],
  )
  assert.deepEqual(
    messages.map(({ body }) => body),
    ["hello", "", ""],
  )
  assert.deepEqual(
    messages.flatMap((each) => each.files),
    files,
  )
  assert.equal(saidOf({ files: files.slice(0, MOST_FILES) }).length, 1)
})

test("nothing to see is nothing to bring, unless there is a file", () => {
  assert.deepEqual(whyOf({ body: " \u200B" }), ["empty"])
  assert.deepEqual(saidOf({ body: "" }), [])
  assert.deepEqual(
    saidOf({ body: " \n", files: [file(1)] }).map(({ body }) => body),
    [""],
  )
})

test("reactions and mentions beyond what a message may have are left out, and said", () => {
  const emojis = (count: number) =>
    new Map(Array.from({ length: count }, (_, index) => [String.fromCodePoint(0x1f600 + index), new Set(["U1"])]))
  assert.deepEqual(whyOf({ reactions: emojis(MOST_EMOJIS) }), [])
  assert.deepEqual(whyOf({ reactions: emojis(MOST_EMOJIS + 1) }), ["too_many"])
  assert.equal(Object.keys(saidOf({ reactions: emojis(MOST_EMOJIS + 1) })[0]?.reactions ?? {}).length, MOST_EMOJIS)
  const two = (count: number) =>
    new Map([
      ["👍", new Set(["U1"])],
      ["❤️", people(count)],
    ])
  assert.deepEqual(whyOf({ reactions: two(MOST_REACTIONS - 1) }), [])
  assert.deepEqual(whyOf({ reactions: two(MOST_REACTIONS) }), ["too_many"])
  assert.equal(saidOf({ reactions: two(MOST_REACTIONS) })[0]?.reactions["❤️"]?.length, MOST_REACTIONS - 1)
  assert.deepEqual(whyOf({ mentions: [...people(MOST_MENTIONS)] }), [])
  assert.deepEqual(whyOf({ mentions: [...people(MOST_MENTIONS + 1)] }), ["too_many"])
  assert.equal(saidOf({ mentions: [...people(60)] })[0]?.mentions.length, MOST_MENTIONS)
})

test("a text that nobody can have written is not taken", () => {
  assert.equal(
    saidOf({ body: "x".repeat(MOST_TEXT) })
      .map(({ body }) => body)
      .join("").length,
    MOST_TEXT,
  )
  assert.deepEqual(whyOf({ body: "x".repeat(MOST_TEXT + 1) }), ["oversized"])
})

test("halves of characters become the sign for what cannot be shown", () => {
  assert.equal(saidOf({ body: "a\uD83Db" })[0]?.body, "a\uFFFDb")
})

test("texts are cut between paragraphs, lines and words, and never inside a character", () => {
  const length = (text: string) => [...text].length
  for (const text of ["x".repeat(MOST_BODY), "🌞".repeat(MOST_BODY)]) assert.deepEqual(textsOf(text), [text])
  for (const sign of ["x", "🌞", "word ", "line\n", "a\n\n", "\n", " "]) {
    const text = `a${sign.repeat(20_000)}b`
    const pieces = textsOf(text)
    assert.ok(
      pieces.every((piece) => length(piece) <= MOST_BODY),
      JSON.stringify(sign),
    )
    assert.equal(pieces.join("").replace(/\s/g, ""), text.replace(/\s/g, ""))
  }
  assert.deepEqual(textsOf("one two\n\nthree four", 16), ["one two", "three four"])
  assert.deepEqual(textsOf("one two\nthree four", 16), ["one two", "three four"])
  assert.deepEqual(textsOf("one two three four", 16), ["one two", "three four"])
})

test("code that is cut goes on as code", () => {
  const code = `\`\`\`\n${"x = 1\n".repeat(1_500)}\`\`\`\nend`
  const pieces = textsOf(code)
  assert.ok(pieces.length >= 3)
  for (const piece of pieces) assert.equal((piece.match(/^```/gm)?.length ?? 0) % 2, 0, piece.slice(-20))
  assert.equal(pieces.join("\n").match(/x = 1/g)?.length, 1_500)
})
