import assert from "node:assert/strict"
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { list, number, object, text } from "../shape.ts"
import { CHUNK_BYTES, partsOf, SEALED_CHUNK_BYTES, sealedBytes } from "./layout.ts"
import { cipherOf } from "./sealing.ts"

const PART_BYTES = 4 * SEALED_CHUNK_BYTES
const vectors = list(
  object({
    size: number,
    id: text,
    key: text,
    sealed_bytes: number,
    parts: number,
    sealed_sha256: text,
    thumb: number,
    sealed_thumb_sha256: text,
  }),
)(JSON.parse(readFileSync(new URL("../../../tests/vectors/files.json", import.meta.url), "utf8")), "vectors")

const sha256 = (...bytes: Uint8Array[]) =>
  bytes.reduce((hash, each) => hash.update(each), createHash("sha256")).digest()

/** As tests/test_file_format.py makes them. */
function plainOf(size: number): Blob {
  const blocks = Array.from({ length: Math.ceil(size / 32) }, (_, index) => {
    const counted = Buffer.alloc(4)
    counted.writeUInt32BE(index)
    return sha256(counted)
  })
  return new Blob([Buffer.concat(blocks).subarray(0, size)])
}

for (const { size, id, key, sealed_bytes, parts: count, sealed_sha256, thumb, sealed_thumb_sha256 } of vectors) {
  test(`a file of ${size} bytes is sealed as OpenSSL seals it, and opens`, async () => {
    const cipher = await cipherOf({ id, key }, crypto.subtle)
    const plain = plainOf(size)
    const parts = partsOf(size, PART_BYTES)
    const end = parts.at(-1)?.end ?? 0
    const sealed = await Promise.all(parts.map((part) => cipher.seal(plain, part, end)))
    assert.equal(parts.length, count)
    assert.equal(sealedBytes(size), sealed_bytes)
    assert.deepEqual(
      sealed.map(({ length }) => length),
      parts.map(({ bytes }) => bytes),
    )
    assert.equal(sha256(...sealed).toString("hex"), sealed_sha256)
    const opened = await Promise.all(sealed.map((part, index) => cipher.open(part, parts[index]?.first ?? -1, end)))
    assert.deepEqual(await new Blob(opened.flat()).arrayBuffer(), await plain.arrayBuffer())
  })

  test(`its thumbnail of ${thumb} bytes is sealed under the same key, and never under the same nonce`, async () => {
    const cipher = await cipherOf({ id, key }, crypto.subtle)
    const sealed = await cipher.sealThumbnail(plainOf(thumb))
    assert.equal(sha256(sealed).toString("hex"), sealed_thumb_sha256)
    assert.deepEqual(await cipher.openThumbnail(sealed), await plainOf(thumb).arrayBuffer())
    await assert.rejects(cipher.open(sealed, 0, 1), { name: "OperationError" })
  })
}

test("a flipped bit, swapped chunks, one left out, a cut end, another id or key: nothing of it opens", async () => {
  const [known = assert.fail("no vectors"), other = known] = vectors.toReversed()
  const cipher = await cipherOf(known, crypto.subtle)
  const end = partsOf(known.size, PART_BYTES).at(-1)?.end ?? 0
  const whole = { name: "0", first: 0, end, bytes: sealedBytes(known.size) }
  const sealed = await cipher.seal(plainOf(known.size), whole, end)
  const chunk = (index: number) => sealed.subarray(index * SEALED_CHUNK_BYTES, (index + 1) * SEALED_CHUNK_BYTES)
  const joined = (...chunks: Uint8Array[]) => new Uint8Array(Buffer.concat(chunks))
  const opens = async (bytes: Uint8Array<ArrayBuffer>) =>
    cipher.open(bytes, 0, Math.ceil(bytes.length / SEALED_CHUNK_BYTES))
  assert.equal((await opens(sealed)).length, 5)
  for (const at of [0, CHUNK_BYTES, sealed.length - 1]) {
    const flipped = sealed.slice()
    flipped[at] = (flipped[at] ?? 0) ^ 1
    await assert.rejects(opens(flipped), `bit ${at}`)
  }
  await assert.rejects(opens(joined(chunk(1), chunk(0), chunk(2), chunk(3), chunk(4))), "swapped")
  await assert.rejects(opens(joined(chunk(0), chunk(2), chunk(3), chunk(4))), "left out")
  await assert.rejects(opens(sealed.slice(0, 4 * SEALED_CHUNK_BYTES)), "the last chunk is missing")
  await assert.rejects(opens(sealed.slice(0, -1)), "the last byte is missing")
  await assert.rejects(opens(sealed.slice(0, 4 * SEALED_CHUNK_BYTES + 5)), "less than a tag is left")
  for (const wrong of [
    { ...known, id: other.id },
    { ...known, key: other.key },
  ]) {
    await assert.rejects((await cipherOf(wrong, crypto.subtle)).open(chunk(0).slice(), 0, end), "another id or key")
  }
})
