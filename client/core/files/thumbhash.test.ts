import assert from "node:assert/strict"
import { test } from "node:test"
import { decodeHash, encodeHash } from "./thumbhash.ts"

test("a picture becomes two dozen bytes, from which its form and colours come back", () => {
  const [width, height] = [80, 60]
  const rgba = Array.from({ length: width * height }, (_, pixel) =>
    pixel % width < width / 2 ? [230, 20, 20, 255] : [20, 20, 230, 255],
  ).flat()
  const hash = encodeHash(width, height, rgba)
  assert.ok(hash.length <= 36, hash)
  const { width: across, height: down, rgba: shown } = decodeHash(hash)
  assert.equal(Math.round((across / down) * 3), 4)
  const [left, right] = [shown.slice(0, 3), shown.slice((across - 1) * 4, across * 4 - 1)]
  assert.ok((left[0] ?? 0) > (left[2] ?? 255), "red is on the left")
  assert.ok((right[2] ?? 0) > (right[0] ?? 255), "blue is on the right")
})

test("what is no thumbhash throws", () => {
  assert.throws(() => decodeHash("?"))
})
