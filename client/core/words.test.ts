import assert from "node:assert/strict"
import { test } from "node:test"
import { countCharacters } from "./words.ts"

test("characters are counted as the server counts them", () => {
  assert.equal(countCharacters("a👍é"), 3)
})
