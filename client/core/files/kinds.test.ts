import assert from "node:assert/strict"
import { test } from "node:test"
import { inSight, kindOf, roomFor } from "./kinds.ts"

const sized = { width: 800, height: 600 }

test("only what a browser shows without running anything is shown", () => {
  for (const type of ["png", "jpeg", "gif", "webp", "avif"])
    assert.equal(kindOf({ type: `image/${type}`, ...sized }), "picture")
  for (const type of ["mp4", "webm", "quicktime"]) assert.equal(kindOf({ type: `video/${type}` }), "video")
  for (const type of ["mpeg", "mp4", "x-m4a", "ogg", "wav", "x-wav"])
    assert.equal(kindOf({ type: `audio/${type}` }), "audio")
  const saved = [
    "image/svg+xml",
    "text/html",
    "application/xhtml+xml",
    "text/xml",
    "application/pdf",
    "image/bmp",
    "image/png; x=image/svg+xml",
    " image/png",
    "image/png\n",
    "IMAGE/PNG",
    "video/x-msvideo",
    "",
  ]
  for (const type of saved) assert.equal(kindOf({ type, ...sized }), "file", type)
})

test("a picture without a size, or with far too many pixels, is a card", () => {
  const type = "image/png"
  assert.equal(kindOf({ type }), "file")
  assert.equal(kindOf({ type, width: 0, height: 4 }), "file")
  assert.equal(kindOf({ type, width: Number.NaN, height: 4 }), "file")
  assert.equal(kindOf({ type, width: 60_000, height: 60_000 }), "file")
  assert.equal(kindOf({ type, width: 8_000, height: 5_000 }), "picture")
  assert.equal(kindOf({ type, width: 8_000, height: 5_001 }), "file")
})

test("pictures and videos are seen, in their order; sounds and everything else stand below", () => {
  const files = ["application/zip", "image/png", "audio/mpeg", "video/mp4"].map((type) => ({ type, ...sized }))
  const [seen, cards] = inSight(files)
  assert.deepEqual(
    [seen, cards].map((each) => each.map(({ type }) => type)),
    [
      ["image/png", "video/mp4"],
      ["application/zip", "audio/mpeg"],
    ],
  )
})

test("the room for a picture has its form, and never more than fits beside the text", () => {
  const room = (width: number, height: number) => roomFor([{ type: "image/png", width, height }])
  assert.deepEqual(room(4_000, 3_000), { ratio: 4 / 3, rem: 20 * (4 / 3) })
  assert.deepEqual(room(4_000, 1_000), { ratio: 4, rem: 30 })
  assert.deepEqual(room(30_000, 10), { ratio: 4, rem: 30 })
  assert.deepEqual(room(10, 30_000), { ratio: 0.5, rem: 7 })
  assert.deepEqual(room(16, 16), { ratio: 1, rem: 7 })
  assert.deepEqual(room(320, 320), { ratio: 1, rem: 20 })
  assert.deepEqual(roomFor([{ type: "video/mp4" }]), { ratio: 16 / 9, rem: 30 })
})

test("every number of pictures has a room of its own form", () => {
  for (let count = 2; count <= 10; count++) {
    const { ratio, rem } = roomFor(Array.from({ length: count }, () => ({ type: "image/png", ...sized })))
    assert.ok(rem / ratio <= 31 && rem / ratio >= 11, `${count}`)
  }
})
