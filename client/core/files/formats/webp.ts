/** WebP (RFC 9649) without anything but the picture, its orientation and its colour profile. */
import { type Bytes, type Cleaned, cut, letters, Misread, viewOf } from "./bytes.ts"
import { blockOf, orientationOf, turned, UPRIGHT } from "./orientation.ts"

const HEAD_BYTES = 12
const STAY = ["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"]
/** What stands in a frame of a film before its own chunks. */
const FRAME_BYTES = 16
/** Bits of a picture's width or height. */
const LARGEST = 0x3fff
/** Bits of VP8X. */
const [ANIMATION, XMP, EXIF] = [0x02, 0x04, 0x08]

export function cleanWebp(bytes: Bytes): Cleaned {
  let [width, height, isAnimated, orientation] = [0, 0, false, UPRIGHT]
  let extended: Bytes | undefined
  // Whatever a decoder believes, the picture is at most so large.
  const spread = (across: number, down: number) => {
    width = Math.max(width, across)
    height = Math.max(height, down)
  }
  const kept = chunksOf(bytes, HEAD_BYTES).flatMap(({ kind, content }) => {
    const view = viewOf(content)
    if (kind === "EXIF") orientation = orientationOf(content)
    if (!STAY.includes(kind)) return []
    if (kind === "ANMF") return [chunk(kind, withoutStrangers(content))]
    if (kind === "VP8X") {
      const flags = view.getUint8(0)
      isAnimated = (flags & ANIMATION) > 0
      spread(number24(view, 4) + 1, number24(view, 7) + 1)
      extended = chunk(kind, Uint8Array.of(flags & ~(EXIF | XMP), ...cut(content, 1, 10)))
      return [extended]
    }
    if (kind === "VP8 ") spread(view.getUint16(6, true) & LARGEST, view.getUint16(8, true) & LARGEST)
    if (kind === "VP8L") {
      const bits = view.getUint32(1, true)
      spread((bits & LARGEST) + 1, ((bits >> 14) & LARGEST) + 1)
    }
    return [chunk(kind, content)]
  })
  if (kept.length === 0) throw new Misread("no picture")
  if (orientation !== UPRIGHT && extended !== undefined) {
    extended[8] = (extended[8] ?? 0) | EXIF
    kept.push(chunk("EXIF", blockOf(orientation)))
  }
  const parts = [new TextEncoder().encode("RIFF\0\0\0\0WEBP"), ...kept]
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  viewOf(parts[0] ?? new Uint8Array(0)).setUint32(4, length - 8, true)
  return { parts, type: "image/webp", ...turned(width, height, orientation), isAnimated }
}

function chunksOf(bytes: Bytes, from: number) {
  const view = viewOf(bytes)
  const chunks: { kind: string; content: Bytes }[] = []
  for (let at = from; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, true)
    chunks.push({ kind: letters(view, at, 4), content: bytes.subarray(at + 8, at + 8 + length) })
    at += 8 + length + (length & 1)
  }
  return chunks
}

/** A frame of a film without chunks that are none of the picture. */
function withoutStrangers(frame: Bytes): Bytes {
  const kept = chunksOf(frame, FRAME_BYTES).filter(({ kind }) => STAY.includes(kind))
  return joined([cut(frame, 0, FRAME_BYTES), ...kept.map(({ kind, content }) => chunk(kind, content))])
}

function chunk(kind: string, content: Bytes): Bytes {
  const made = new Uint8Array(8 + content.length + (content.length & 1))
  made.set(new TextEncoder().encode(kind))
  viewOf(made).setUint32(4, content.length, true)
  made.set(content, 8)
  return made
}

function joined(parts: readonly Bytes[]): Bytes {
  const made = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    made.set(part, at)
    at += part.length
  }
  return made
}

function number24(view: DataView, at: number): number {
  return view.getUint16(at, true) + (view.getUint8(at + 2) << 16)
}
