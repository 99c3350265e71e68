/**
 * What kind of picture somebody has sent, and how large it is, by its own first bytes: the message may say anything. Where a
 * file says two things the larger one counts.
 */
import { letters, viewOf } from "./formats/bytes.ts"
import { HEAD_BYTES, typeOf } from "./formats/types.ts"

export interface PictureSize {
  readonly type: string
  readonly width: number
  readonly height: number
}

type Sides = readonly (readonly [width: number, height: number])[]

/** Where AVIF says how large its pictures are: in its first box but one. */
const AVIF_HEAD_BYTES = 100_000
const SIDE_OF_VP8 = 0x3fff

/** @returns null: no picture that could be shown. */
export function pictureIn(bytes: Uint8Array): PictureSize | null {
  const type = typeOf(bytes.subarray(0, HEAD_BYTES))
  try {
    const sides = SIDES[type]?.(viewOf(bytes)) ?? []
    const [width, height] = [0, 1].map((side) => Math.max(0, ...sides.map((each) => each[side] ?? 0)))
    return width && height ? { type, width, height } : null
  } catch {
    // It is cut before it says how large it is.
    return null
  }
}

const SIDES: Readonly<Record<string, (view: DataView) => Sides>> = {
  "image/png": (view) => [[view.getUint32(16), view.getUint32(20)]],
  "image/gif": (view) => [[view.getUint16(6, true), view.getUint16(8, true)], ...framesOfGif(view)],
  "image/jpeg": framesOfJpeg,
  "image/webp": (view) => {
    const kind = letters(view, 12, 4)
    if (kind === "VP8X") return [[number24(view, 24) + 1, number24(view, 27) + 1]]
    if (kind === "VP8 ") return [[view.getUint16(26, true) & SIDE_OF_VP8, view.getUint16(28, true) & SIDE_OF_VP8]]
    const bits = view.getUint32(21, true)
    return [[(bits & SIDE_OF_VP8) + 1, ((bits >> 14) & SIDE_OF_VP8) + 1]]
  },
  "image/avif": (view) => {
    const head = letters(view, 0, Math.min(view.byteLength, AVIF_HEAD_BYTES))
    return [...head.matchAll(/ispe/g)].map(({ index }) => [view.getUint32(index + 8), view.getUint32(index + 12)])
  },
}

/** Up to the first scan. */
function framesOfJpeg(view: DataView): Sides {
  const sides: (readonly [number, number])[] = []
  for (let at = 2; view.getUint8(at) === 0xff; ) {
    const marker = view.getUint8(at + 1)
    if (marker === 0xda) break
    const isFrame = marker >= 0xc0 && marker < 0xd0 && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) sides.push([view.getUint16(at + 7), view.getUint16(at + 5)])
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2)
  }
  return sides
}

/** The first frame decides how much memory a browser takes; others are drawn into it. */
function framesOfGif(view: DataView): Sides {
  const flags = view.getUint8(10)
  let at = 13 + (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0)
  while (view.getUint8(at) === 0x21) {
    at += 2
    for (let length = view.getUint8(at); length > 0; length = view.getUint8(at)) at += 1 + length
    at++
  }
  return [[view.getUint16(at + 5, true), view.getUint16(at + 7, true)]]
}

function number24(view: DataView, at: number): number {
  return view.getUint16(at, true) + (view.getUint8(at + 2) << 16)
}
