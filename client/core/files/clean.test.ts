import assert from "node:assert/strict"
import { test } from "node:test"
import { clean, isDecodable } from "./clean.ts"
import { typeOf, UNKNOWN } from "./formats/types.ts"
import { MAX_PIXELS } from "./kinds.ts"

// What is left of real pictures and films is looked at with a second opinion: tests/test_cleaned_files.py.

const latin = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const number = (value: number, bytes: number) =>
  Array.from({ length: bytes }, (_, index) => String.fromCharCode((value / 256 ** (bytes - 1 - index)) & 255)).join("")
const little = (value: number, bytes: number) => [...number(value, bytes)].reverse().join("")
const chunk = (kind: string, content: string) => `${number(content.length, 4)}${kind}${content}sums`
const box = (kind: string, content: string) => `${number(8 + content.length, 4)}${kind}${content}`
const blob = (text: string) => new Blob([latin(text)])

const pngOf = (width: number, height: number) =>
  `\x89PNG\r\n\x1a\n${chunk("IHDR", `${number(width, 4)}${number(height, 4)}\x08\x06\0\0\0`)}${chunk("IDAT", "data")}`
const PNG = pngOf(2, 1)
const frame = (width: number, height: number) =>
  `\xff\xc0\0\x0b\x08${number(height, 2)}${number(width, 2)}\x01\x01\x11\0`
const JPEG = `\xff\xd8${frame(3, 2)}\xff\xda\0\x08\x01\x01\0\0\x3f\0scan\xff\0\xff\xd3more\xff\xd9`
const gifOf = (width: number) =>
  `GIF89a${little(2, 2)}${little(1, 2)}\0\0\0,\0\0\0\0${little(width, 2)}${little(1, 2)}\0\x02\x01x\0;`
const webpOf = (...chunks: string[]) => `RIFF${little(4 + chunks.join("").length, 4)}WEBP${chunks.join("")}`
const vp8 = (width: number) => `VP8 ${little(10, 4)}abc\x9d\x01\x2a${little(width, 2)}${little(1, 2)}`
const vp8x = (width: number) => `VP8X${little(10, 4)}\x0c\0\0\0${little(width - 1, 3)}${little(0, 3)}`

for (const [what, text, told, type] of [
  ["a picture under a document's name", JPEG, "application/pdf", "image/jpeg"],
  ["a page under a picture's name", "<html><script>alert(1)</script>", "image/png", UNKNOWN],
  ["a drawing with a script", "<svg onload='alert(1)'>", "image/svg+xml", "image/svg+xml"],
  ["a document", "%PDF-1.7", "application/pdf", "application/pdf"],
  ["a type that is none", "hello", "text/plain; charset=utf-8", UNKNOWN],
  ["a type that never ends", "hello", `text/${"x".repeat(100)}`, UNKNOWN],
  ["nothing", "", "", UNKNOWN],
  ["a song", "ID3\x04", "audio/mpeg", "audio/mpeg"],
  ["a song that is none", "hello", "audio/mpeg", UNKNOWN],
  [
    "a film for the web",
    "\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm",
    "",
    "video/webm",
  ],
  ["a photo of an iPhone", `\0\0\0\x18ftypheic\0\0\0\0mif1heic`, "", "image/heic"],
] as const) {
  test(`${what} is ${type}`, () => assert.equal(typeOf(latin(text), told), type))
}

test("the kinds that often say something about people are named, the others are not", async () => {
  for (const [type, mayHold] of [
    ["application/pdf", true],
    ["application/msword", true],
    ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", true],
    ["application/vnd.oasis.opendocument.text", true],
    ["image/tiff", true],
    ["video/x-matroska", true],
    ["text/plain", false],
    ["application/zip", false],
  ] as const) {
    assert.equal((await clean(blob("?"), type)).mayHoldPersonalData, mayHold, type)
  }
})

test("how large a picture is, is read from its first bytes, and nothing too large is decoded", async () => {
  for (const [what, text, width, height] of [
    ["a PNG", PNG, 2, 1],
    ["a JPEG", JPEG, 3, 2],
    ["a GIF", gifOf(2), 2, 1],
    ["a GIF with a frame that is larger than itself", gifOf(60_000), 60_000, 1],
    ["a WebP", webpOf(vp8(9)), 9, 1],
    ["a WebP that says two things", webpOf(vp8(16_000), vp8x(2)), 16_000, 1],
    ["a JPEG that says two things", JPEG.replace("\xff\xda", `${frame(60_000, 1)}\xff\xda`), 60_000, 2],
  ] as const) {
    const { width: across, height: down } = await clean(blob(text), "")
    assert.deepEqual([across, down], [width, height], what)
  }
  assert.equal(isDecodable(await clean(blob(pngOf(60_000, 60_000)), "")), false)
  assert.equal(isDecodable({ width: MAX_PIXELS / 5_000, height: 5_000 }), true)
  assert.equal(isDecodable({ width: MAX_PIXELS / 5_000, height: 5_001 }), false)
  assert.equal(isDecodable({ width: 3, height: 0 }), false)
})

test("what stands behind the end of a picture, and unknown parts of it, are not sent", async () => {
  const rest = "SECRET"
  for (const text of [`${PNG}${chunk("IEND", "")}${rest}`, `${JPEG}${rest}`, `${gifOf(2)}${rest}`]) {
    assert.doesNotMatch(await (await clean(blob(text), "")).blob.text(), /SECRET/)
  }
  const { type, mayHoldPersonalData } = await clean(blob(`${PNG}${chunk("CgBI", rest)}`), "")
  assert.deepEqual([type, mayHoldPersonalData], [UNKNOWN, true])
})

const TRACK = box("trak", box("mdia", box("hdlr", `\0\0\0\0\0\0\0\0vide`)))
for (const [what, text] of [
  ["a JPEG whose segment is longer than the file", "\xff\xd8\xff\xe1\xff\xffExif"],
  ["a JPEG of nothing but noise", "\xff\xd8\xff\xe0noise"],
  ["a JPEG in which another begins", `\xff\xd8\xff\xd8${JPEG}`],
  ["a PNG of nothing but its signature", "\x89PNG\r\n\x1a\n"],
  ["a GIF with a block of no kind", "GIF89a\x01\0\x01\0\0\0\0Z"],
  ["a WebP without a picture", webpOf("EXIF\0\0\0\0")],
  ["a film with a box that is shorter than its head", `${box("ftyp", "mp42")}\0\0\0\x04moov`],
  ["a film whose box is larger than the one around it", `${box("ftyp", "mp42")}${box("moov", "\0\0\xff\xfftrak")}`],
  ["a film that is cut in its description", `${box("ftyp", "mp42")}${box("moov", TRACK).slice(0, -3)}`],
  ["a film without a description", `${box("ftyp", "mp42")}${box("mdat", "pictures")}`],
  ["a film of too many boxes", box("ftyp", "mp42") + box("free", "").repeat(20_001)],
  [
    "an AVIF of an old kind",
    `${box("ftyp", "avif")}${box("meta", `\0\0\0\0${box("iinf", `\0\0\0\0\0\x01${box("infe", "\0\0\0\0")}`)}${box("iloc", "")}`)}`,
  ],
] as const) {
  test(`${what} goes on as a file that may hold anything`, async () => {
    const { type, mayHoldPersonalData, width, blob: sent } = await clean(blob(text), "")
    assert.deepEqual([type, mayHoldPersonalData, width, sent.size], [UNKNOWN, true, 0, text.length])
  })
}

test("a film keeps its subtitles, and says that they may hold anything", async () => {
  const words = box("trak", box("mdia", box("hdlr", "\0\0\0\0\0\0\0\0sbtl")))
  for (const [tracks, mayHold] of [
    [TRACK, false],
    [TRACK + words, true],
  ] as const) {
    const film = `${box("ftyp", "mp42")}${box("moov", tracks)}`
    const cleaned = await clean(blob(film), "")
    assert.deepEqual([await cleaned.blob.text(), cleaned.mayHoldPersonalData], [film, mayHold])
  }
})

test("a track that notes something beside the film may have any tables", async () => {
  const tables = (counts: number) =>
    box("stsc", `\0\0\0\0${number(counts, 4)}${number(1, 4)}${number(0xffffffff, 4)}`) +
    box("stsz", `\0\0\0\0${number(0xffffffff, 4)}`) +
    box("stco", `\0\0\0\0${number(1, 4)}${number(3, 4)}`)
  const noting = (counts: number) =>
    box("trak", box("mdia", box("hdlr", "\0\0\0\0\0\0\0\0meta") + box("minf", box("stbl", tables(counts)))))
  const film = (counts: number) => `${box("ftyp", "mp42")}${box("moov", TRACK + noting(counts))}`
  for (const counts of [0, 1, 0xffffffff]) {
    const { blob: sent } = await clean(blob(film(counts)), "")
    assert.equal(sent.size, film(counts).length)
  }
})

test("nothing makes the page throw: any byte of any file may be anything", async () => {
  const film = `${box("ftyp", "mp42")}${box("moov", TRACK + box("udta", "place"))}${box("mdat", "pictures")}`
  for (const text of [PNG, JPEG, gifOf(2), webpOf(vp8x(2), vp8(2)), film]) {
    for (let at = 0; at < text.length; at++) {
      for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
        const bytes = latin(text)
        bytes[at] = value
        assert.equal(typeof (await clean(new Blob([bytes]), "")).type, "string")
      }
    }
  }
})

test("a file that cannot be read is said to be so", async () => {
  const gone = Object.assign(new Blob(["x"]), {
    slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException("", "NotReadableError")) }),
  })
  await assert.rejects(clean(gone, ""), { name: "NotReadableError" })
})
