import assert from "node:assert/strict"
import { test } from "node:test"
import { pictureIn } from "./pictureIn.ts"

const bytes = (...parts: readonly (string | readonly number[])[]): Blob =>
  new Blob(
    parts.map((part) =>
      typeof part === "string" ? Uint8Array.from(Buffer.from(part, "latin1")) : Uint8Array.from(part),
    ),
  )

const PNG = (width: readonly number[], height: readonly number[]) =>
  bytes("\x89PNG\r\n\x1a\n", [0, 0, 0, 13], "IHDR", width, height, [8, 6, 0, 0, 0])

/** Each kind as small as it gets: 300 by 200 pixels. */
const PICTURES: Readonly<Record<string, Blob>> = {
  png: PNG([0, 0, 1, 44], [0, 0, 0, 200]),
  gif: bytes("GIF89a", [44, 1, 200, 0, 0, 0, 0]),
  jpeg: bytes(
    [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xc4, 0, 3, 0],
    [0xff, 0xc2, 0, 11, 8, 0, 200, 1, 44, 3],
  ),
  "webp, lossy": bytes("RIFF", [0, 0, 0, 0], "WEBPVP8 ", [0, 0, 0, 0], [0, 0, 0, 0x9d, 1, 0x2a, 44, 1, 200, 0]),
  "webp, lossless": bytes("RIFF", [0, 0, 0, 0], "WEBPVP8L", [0, 0, 0, 0, 0x2f], [43, 193, 49, 0]),
  "webp, extended": bytes("RIFF", [0, 0, 0, 0], "WEBPVP8X", [10, 0, 0, 0], [0, 0, 0, 0], [43, 1, 0], [199, 0, 0, 0]),
  avif: bytes([0, 0, 0, 16], "ftypavif", [0, 0, 0, 0], [0, 0, 0, 20], "ispe", [0, 0, 0, 0, 0, 0, 1, 44, 0, 0, 0, 200]),
}

for (const [name, blob] of Object.entries(PICTURES)) {
  test(`the bytes of a picture say what it is and how large: ${name}`, async () => {
    assert.deepEqual(await pictureIn(blob), { type: `image/${name.split(",")[0]}`, width: 300, height: 200 })
  })

  test(`a picture that ends too early is none: ${name}`, async () => {
    for (const end of [0, 3, 9, blob.size - 9]) assert.equal(await pictureIn(blob.slice(0, end)), null, `${end}`)
  })
}

test("a picture that claims a great many pixels says so before it is decoded", async () => {
  const large = await pictureIn(PNG([0, 0, 0xea, 0x60], [0, 0, 0xea, 0x60]))
  assert.deepEqual([large?.width, large?.height], [60_000, 60_000])
})

test("what a browser runs, or shows by itself, is no picture", async () => {
  const others = [
    "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "<!doctype html><script>1</script>",
    "%PDF-1.4",
    "BM6\0\0\0",
    "",
  ]
  for (const text of others) assert.equal(await pictureIn(bytes(text)), null, text)
})

test("the markers of a JPEG lead nowhere for ever", async () => {
  assert.equal(await pictureIn(bytes([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 1, 2, 3])), null)
  assert.equal(await pictureIn(bytes([0xff, 0xd8, 0xff, ...Array.from({ length: 5_000 }, () => 0xff)])), null)
})
