import assert from "node:assert/strict"
import { test } from "node:test"
import { folded } from "./folding.ts"

test("two names are the same however they are written", () => {
  assert.equal(folded("ＡＮＮＡ  Smith"), folded("@anna smith"))
  assert.equal(folded("#Straße\u200b"), folded("STRASSE"))
  assert.notEqual(folded("Anna"), folded("Ana"))
})
