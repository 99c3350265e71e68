import assert from "node:assert/strict"
import { test } from "node:test"
import { linkOver } from "./linkOver.ts"
import { plainText } from "./markdown.ts"

test("a link pasted over words makes a link of them", () => {
  assert.equal(linkOver("the plan", " https://example.org/a?b#c\n"), "[the plan](https://example.org/a?b#c)")
  const inBrackets = linkOver("x", "https://example.org/a_(b)") ?? ""
  assert.equal(inBrackets, "[x](https://example.org/a_%28b%29)")
  assert.match(plainText(inBrackets), /^x/)
})

for (const [words, pasted] of [
  ["", "https://example.org"],
  [" ", "https://example.org"],
  ["two\nlines", "https://example.org"],
  ["a [b]", "https://example.org"],
  ["https://former.example", "https://example.org"],
  ["words", "no link"],
  ["words", "https://example.org and more"],
  ["words", "javascript:alert(1)"],
] as const) {
  test(`${JSON.stringify(pasted)} over ${JSON.stringify(words)} is a paste as ever`, () => {
    assert.equal(linkOver(words, pasted), null)
  })
}
