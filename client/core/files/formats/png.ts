/**
 * PNG (third edition) without anything but the picture, its orientation and its colours. Chunks that stay are listed; what
 * stands behind the end, as some croppers of pictures leave it there, goes too.
 */
import { type Bytes, type Cleaned, cut, letters, Misread, viewOf } from "./bytes.ts"
import { blockOf, orientationOf, turned, UPRIGHT } from "./orientation.ts"

const SIGNATURE_BYTES = 8
const COLOURS = "cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST tRNS pHYs sPLT PLTE"
const STAY = new Set(`IHDR IDAT IEND acTL fcTL fdAT ${COLOURS}`.split(" "))

export function cleanPng(bytes: Bytes): Cleaned {
  const view = viewOf(bytes)
  const kept: Bytes[] = []
  const [width, height] = [view.getUint32(16), view.getUint32(20)]
  let orientation = UPRIGHT
  let isAnimated = false
  let kind = ""
  for (let at = SIGNATURE_BYTES; kind !== "IEND" && at < bytes.length; ) {
    kind = letters(view, at + 4, 4)
    if (kind === "eXIf") orientation = orientationOf(cut(bytes, at + 8, at + 8 + view.getUint32(at)))
    if (kind === "acTL") isAnimated = true
    // A picture that is cut in its data is shown as far as it goes.
    const end = at + 12 + view.getUint32(at)
    if (STAY.has(kind)) kept.push(bytes.subarray(at, end))
    // Without this a decoder must refuse: it may change everything.
    else if (/^[A-Z]/.test(kind)) throw new Misread("an unknown part of the picture")
    at = end
  }
  const [first, ...others] = kept
  if (first === undefined) throw new Misread("no header")
  const block = orientation === UPRIGHT ? [] : [chunk("eXIf", blockOf(orientation))]
  return {
    parts: [cut(bytes, 0, SIGNATURE_BYTES), first, ...block, ...others],
    type: "image/png",
    ...turned(width, height, orientation),
    isAnimated,
  }
}

function chunk(kind: string, content: Bytes): Bytes {
  const made = new Uint8Array(12 + content.length)
  const view = viewOf(made)
  view.setUint32(0, content.length)
  made.set(new TextEncoder().encode(kind), 4)
  made.set(content, 8)
  view.setUint32(8 + content.length, checksum(made.subarray(4, 8 + content.length)))
  return made
}

/** CRC-32 as in ISO 3309. */
function checksum(bytes: Uint8Array): number {
  let sum = -1
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
  }
  return ~sum >>> 0
}
