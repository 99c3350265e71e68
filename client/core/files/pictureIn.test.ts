import assert from "node:assert/strict"
import { test } from "node:test"
import { pictureIn } from "./pictureIn.ts"

const latin = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const big = (value: number, bytes = 2) =>
  Array.from({ length: bytes }, (_, index) => String.fromCharCode((value / 256 ** (bytes - 1 - index)) & 255)).join("")
const little = (value: number, bytes = 2) => [...big(value, bytes)].reverse().join("")

const png = (width: number, height: number) => `\x89PNG\r\n\x1a\n\0\0\0\rIHDR${big(width, 4)}${big(height, 4)}`
const frame = (width: number, height: number) => `\xff\xc2\0\x0b\x08${big(height)}${big(width)}\x01\x01\x11\0`
const jpeg = (...frames: string[]) => `\xff\xd8\xff\xe1\0\x06Exif\xff${frames.join("")}\xff\xda\0\x08`
const gif = (width: number, first: number) =>
  `GIF89a${little(width)}${little(1)}\x80\0\0abcdef!\xf9\x04\0\0\0\0\0!\xfe\x02hi\0,\0\0\0\0${little(first)}${little(1)}`
const webp = (kind: string, content: string) => `RIFF\0\0\0\0WEBP${kind}\x0a\0\0\0${content}`

for (const [what, text, size] of [
  ["a PNG", png(60_000, 60_000), ["image/png", 60_000, 60_000]],
  ["a JPEG", jpeg(frame(4_000, 3_000)), ["image/jpeg", 4_000, 3_000]],
  ["a JPEG that says two things", jpeg(frame(4, 3_000), frame(4_000, 3)), ["image/jpeg", 4_000, 3_000]],
  ["a GIF", gif(7, 5), ["image/gif", 7, 1]],
  ["a GIF with a larger frame", gif(7, 60_000), ["image/gif", 60_000, 1]],
  ["a WebP", webp("VP8 ", `abc\x9d\x01\x2a${little(9)}${little(4)}`), ["image/webp", 9, 4]],
  ["a WebP without loss", webp("VP8L", `\x2f${little(8 | (3 << 14), 4)}`), ["image/webp", 9, 4]],
  ["a WebP with more", webp("VP8X", `\0\0\0\0${little(70_000, 3)}${little(3, 3)}`), ["image/webp", 70_001, 4]],
  [
    "an AVIF",
    `\0\0\0\x0cftypavif..ispe\0\0\0\0${big(9, 4)}${big(4, 4)}ispe\0\0\0\0${big(3, 4)}${big(8, 4)}`,
    ["image/avif", 9, 8],
  ],
  ["a PNG without height", png(9, 0), null],
  ["an AVIF without size", "\0\0\0\x0cftypavif", null],
  ["a page", "<html><script>alert(1)</script>", null],
  ["a drawing", "<svg onload='alert(1)'>", null],
  ["a film", "\0\0\0\x0cftypmp42", null],
  ["nothing", "", null],
] as const) {
  test(`${what}: ${size?.join(" ") ?? "no picture"}`, () => {
    const found = pictureIn(latin(text))
    assert.deepEqual(found === null ? null : Object.values(found), size)
  })
}

test("a picture that is cut before it says how large it is, is none, and nothing throws", () => {
  for (const text of [
    png(2, 1),
    jpeg(frame(3, 2)),
    gif(7, 5),
    webp("VP8 ", `abc\x9d\x01\x2a${little(9)}${little(4)}`),
  ]) {
    for (let length = 0; length < text.length; length++) {
      const found = pictureIn(latin(text.slice(0, length)))
      assert.ok(found === null || found.width > 0, `${length}`)
    }
  }
})
