import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { list, object, text } from "./shape.ts"
import { isEmpty } from "./visible.ts"

const vectors = object({ default_ignorable: list(list(text)), empty: list(text), visible: list(text) })(
  JSON.parse(readFileSync(new URL("../../tests/vectors/names.json", import.meta.url), "utf8")),
  "vectors",
)

test("what nobody sees is empty, here as on the server", () => {
  for (const each of vectors.empty) assert.ok(isEmpty(each), JSON.stringify(each))
})

test("what somebody sees is not, whatever stands around it", () => {
  for (const each of vectors.visible) assert.ok(!isEmpty(` \u200b${each}\u2800`), JSON.stringify(each))
})

test("the server's list of ignorable characters is Unicode's", () => {
  const ranges = vectors.default_ignorable.map((range) => range.map((code) => Number.parseInt(code, 16)))
  const listed = (code: number) => ranges.some(([first = 0, last = 0]) => first <= code && code <= last)
  for (let code = 0; code < 0x110000; code++) {
    assert.equal(listed(code), /\p{Default_Ignorable_Code_Point}/u.test(String.fromCodePoint(code)), code.toString(16))
  }
})
