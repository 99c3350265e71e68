import assert from "node:assert/strict"
import { test } from "node:test"
import { ImportRefused, REFUSALS, SKIP_REASONS } from "./reasons.ts"
import { openSource, type RandomAccess } from "./source.ts"
import { IMPORT_WORDS } from "./words.ts"

function fileOf(text: string): RandomAccess {
  const bytes = new TextEncoder().encode(text)
  return { size: bytes.length, read: async (at, length) => bytes.slice(at, at + length) }
}

const refusal = async (text: string) => {
  const error = await openSource(fileOf(text), "chat.zip").catch((reason: unknown) => reason)
  assert.ok(error instanceof ImportRefused)
  return [error.why, error.where]
}

test("a file that is none of those that are read is refused, and one that age has sealed by this name", async () => {
  assert.deepEqual(await refusal(""), ["unknown_file", "chat.zip"])
  assert.deepEqual(await refusal("Dear all"), ["unknown_file", "chat.zip"])
  assert.deepEqual(await refusal("age-encryption.org/v1\n-> scrypt a 18\n"), ["sealed", "chat.zip"])
})

test("every reason is said in both languages, each in other words", () => {
  for (const { skipped, refused } of Object.values(IMPORT_WORDS)) {
    assert.deepEqual([Object.keys(skipped), Object.keys(refused)], [[...SKIP_REASONS], [...REFUSALS]])
    const all = [...Object.values(skipped), ...Object.values(refused)]
    assert.equal(new Set(all).size, all.length)
  }
})
