import assert from "node:assert/strict"
import { test } from "node:test"
import { withSmileys } from "./smileys.ts"

test("what is sent has pictures for smileys that stand alone, and nothing else is changed", () => {
  assert.equal(withSmileys("ok :) and ;-) bye :'("), "ok 🙂 and 😉 bye 😢")
  assert.equal(withSmileys(":p :D\n<3"), "😛 😄\n❤️")
  for (const text of [
    "(see note:)",
    ":))",
    ":DD",
    ":PP",
    "в :да",
    "in :en",
    "¯\\_(ツ)_/¯",
    "(>_<)",
    "10:30",
    "x<3",
    "`a :) b`",
    "a[1:]",
    "C:\\D",
    ";D",
  ]) {
    assert.equal(withSmileys(text), text)
  }
})
