import assert from "node:assert/strict"
import { test } from "node:test"
import { crc32 as ofNode } from "node:zlib"
import { crc32 } from "./crc32.ts"

test("it is the sum that others have, whole and piece by piece", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926)
  assert.equal(crc32(new Uint8Array()), 0)
  const bytes = Uint8Array.from({ length: 5_000 }, (_, index) => index * index)
  assert.equal(crc32(bytes), ofNode(bytes))
  assert.equal(crc32(bytes.subarray(777), crc32(bytes.subarray(0, 777))), ofNode(bytes))
})
