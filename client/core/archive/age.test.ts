import assert from "node:assert/strict"
import { test } from "node:test"
import { sealed } from "./age.ts"

const CHUNK = 65_536

/** Sealed with bytes that are no secret, and with little work. */
async function seal(sizes: readonly number[], passphrase = "correct horse") {
  let count = 0
  const random = (bytes: number) => new Uint8Array(bytes).fill(++count)
  async function* plain() {
    for (const size of sizes) yield new Uint8Array(size).fill(7)
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of sealed(plain(), passphrase, { random, workFactor: 4 })) chunks.push(chunk)
  return chunks
}

// That another program opens it: tests/test_age.py.

test("the head is a text that says how the passphrase was stretched", async () => {
  const [head] = await seal([1])
  const lines = new TextDecoder().decode(head).split("\n")
  assert.equal(lines[0], "age-encryption.org/v1")
  assert.match(lines[1] ?? "", /^-> scrypt [A-Za-z0-9+/]{22} 4$/)
  assert.match(lines[2] ?? "", /^[A-Za-z0-9+/]{43}$/)
  assert.match(lines[3] ?? "", /^--- [A-Za-z0-9+/]{43}$/)
  assert.deepEqual(lines.slice(4), [""])
})

test("chunks have 64 kB but the last, which may be full but is empty only alone", async () => {
  for (const [sizes, expected] of [
    [[], [0]],
    [[CHUNK - 1], [CHUNK - 1]],
    [[CHUNK], [CHUNK]],
    [
      [1, CHUNK],
      [CHUNK, 1],
    ],
    [[3 * CHUNK], [CHUNK, CHUNK, CHUNK]],
  ] as const) {
    const [, nonce, ...chunks] = await seal(sizes)
    assert.equal(nonce?.length, 16)
    assert.deepEqual(
      chunks.map(({ length }) => length - 16),
      expected,
    )
  }
})

test("equal chunks are not sealed alike, and another passphrase makes another head", async () => {
  const [head, , first, second] = await seal([2 * CHUNK])
  assert.notDeepEqual(first, second)
  assert.notDeepEqual(head, (await seal([2 * CHUNK], "other"))[0])
})
