/** GIF (89a) without comments, and without what applications write into it, but for how often a film repeats. */
import { type Bytes, type Cleaned, cut, letters, Misread, viewOf } from "./bytes.ts"

const [EXTENSION, IMAGE, END] = [0x21, 0x2c, 0x3b]
const [CONTROL, APPLICATION] = [0xf9, 0xff]
const LOOPS = ["NETSCAPE2.0", "ANIMEXTS1.0"]

export function cleanGif(bytes: Bytes): Cleaned {
  const view = viewOf(bytes)
  let [width, height] = [view.getUint16(6, true), view.getUint16(8, true)]
  let at = 13 + tableBytes(view.getUint8(10))
  const parts = [cut(bytes, 0, at)]
  let images = 0
  // A picture that is cut is shown as far as it goes.
  while (at < bytes.length && view.getUint8(at) !== END) {
    const from = at
    const kind = view.getUint8(at)
    if (kind === IMAGE) {
      // Frames may be larger than what they are shown in.
      width = Math.max(width, view.getUint16(at + 5, true))
      height = Math.max(height, view.getUint16(at + 7, true))
      images++
      at = endOfBlocks(bytes, at + 11 + tableBytes(view.getUint8(at + 9)))
      parts.push(bytes.subarray(from, at))
    } else if (kind === EXTENSION) {
      at = endOfBlocks(bytes, at + 2)
      const label = view.getUint8(from + 1)
      if (label === CONTROL) parts.push(bytes.subarray(from, at))
      else if (label === APPLICATION && LOOPS.includes(letters(view, from + 3, 11)))
        parts.push(bytes.subarray(from, at))
    } else throw new Misread("an unknown block")
  }
  return { parts: [...parts, Uint8Array.of(END)], type: "image/gif", width, height, isAnimated: images > 1 }
}

/** How long a table of colours is, by the flags that announce it. */
function tableBytes(flags: number): number {
  return flags & 0x80 ? 3 << ((flags & 7) + 1) : 0
}

/** Blocks begin with their length; one of no length is the last. */
function endOfBlocks(bytes: Bytes, from: number): number {
  let at = from
  for (let length = bytes[at]; length !== undefined && length > 0; length = bytes[at]) at += 1 + length
  return Math.min(at + 1, bytes.length)
}
