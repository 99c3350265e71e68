import assert from "node:assert/strict"
import { test } from "node:test"
import { excerptOf } from "./excerpt.ts"

const shown = (body: string, ...match: [number, number][]) =>
  excerptOf(body, match)
    .map(({ text, isMatch }) => (isMatch ? `<${text}>` : text))
    .join("")

test("a place is counted in characters, whatever they are made of", () => {
  assert.equal(shown("👩‍🚀👍 the harbour", [6, 3]), "👩‍🚀👍 t<he >harbour")
  assert.equal(shown("👍 harbour", [2, 7]), "👍 <harbour>")
  assert.equal(shown("a b", [0, 1], [2, 1]), "<a> <b>")
})

test("Markdown is shown as plain text, with the places where they were", () => {
  assert.equal(shown("see **the harbour** and `code`", [10, 7], [25, 4]), "see the <harbour> and <code>")
  assert.equal(shown("# Plan\n\n- one\n- two\n\n> said", [2, 4], [16, 3], [23, 4]), "<Plan> - one - <two> <said>")
  assert.equal(shown("[the *old* page](https://example.org/a)", [6, 3]), "the <old> page")
})

test("what matches is in sight in a long message", () => {
  const excerpt = shown(`${"word ".repeat(100)}harbour${" more".repeat(100)}`, [500, 7])
  assert.match(excerpt, /^…(?:word ){7,8}<harbour> more/)
  assert.equal(shown(`${"🌊".repeat(50)}港`, [50, 1]), `…${"🌊".repeat(20)}<港>`)
  assert.equal(shown(`x${"🌊".repeat(50)}.港`, [52, 1]), `…${"🌊".repeat(19)}.<港>`)
  assert.ok(shown("short <- before it", [6, 2]).startsWith("short <"))
})

test("damaged places and signs of our own in a message do no harm", () => {
  assert.equal(shown("ab", [1, 0], [7, 2], [1, 9]), "ab")
  assert.equal(shown("a\ufdd0b", [2, 1]), "a\ufffd<b>")
  assert.equal(shown("", [0, 1]), "")
})
