import assert from "node:assert/strict"
import { test } from "node:test"
import { parsed } from "./json.ts"
import { MOST_DEPTH } from "./limits.ts"

const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth)

test("JSON is read, and what is none is called so", () => {
  assert.deepEqual(parsed('{"a":[1,"]"]}'), { value: { a: [1, "]"] } })
  assert.deepEqual(parsed("null"), { value: null })
  for (const text of ["", "{", "[1,]", "{'a':1}", "undefined", "\u0000"]) assert.equal(parsed(text), "malformed", text)
})

test("what is nested deeper than anything that people mean is not read", () => {
  assert.notEqual(parsed(nested(MOST_DEPTH - 1)), "oversized")
  assert.notEqual(parsed(nested(MOST_DEPTH)), "oversized")
  assert.equal(parsed(nested(MOST_DEPTH + 1)), "oversized")
  assert.equal(parsed('{"a":'.repeat(1_000_000)), "oversized")
  assert.equal(parsed("[".repeat(5_000_000)), "oversized")
})

test("brackets in texts are no nesting, whatever stands before their quotation marks", () => {
  for (const text of ["[".repeat(1_000), '\\"[['.repeat(100), "\\\\".repeat(99), '"'.repeat(300)]) {
    assert.deepEqual(parsed(JSON.stringify([text])), { value: [text] })
  }
  assert.equal(parsed(`"${"\\".repeat(101)}"`), "malformed")
})

test("a key that names the prototype is a key like any other", () => {
  const read = parsed('{"__proto__":{"admin":true}}')
  assert.ok(typeof read !== "string")
  assert.equal(Object.hasOwn(Object(read.value), "__proto__"), true)
  assert.equal(Object.getPrototypeOf(read.value), Object.prototype)
})
