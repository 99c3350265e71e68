/**
 * How a picture is to be turned: the one thing of Exif that is part of the picture. It is read out of the block of data that
 * cameras write (TIFF 6.0), and written as a block with nothing else in it.
 */
import { type Bytes, letters, viewOf } from "./bytes.ts"

export const UPRIGHT = 1
const TAG = 0x0112
const LARGEST = 8
/** From here on pictures lie on their side. */
const SIDEWAYS = 5
const MARK = "Exif\0\0"
const ENTRY_BYTES = 12
const SHORT = 3

/** 1 to 8 as in Exif; upright, if the block does not say or is damaged. */
export function orientationOf(block: Bytes): number {
  try {
    const view = viewOf(block)
    const start = letters(view, 0, MARK.length) === MARK ? MARK.length : 0
    const isLittle = letters(view, start, 2) === "II"
    const directory = start + view.getUint32(start + 4, isLittle)
    for (let entry = view.getUint16(directory, isLittle); entry > 0; entry--) {
      const at = directory + 2 + (entry - 1) * ENTRY_BYTES
      if (view.getUint16(at, isLittle) !== TAG) continue
      const value = view.getUint16(at + 8, isLittle)
      return value > UPRIGHT && value <= LARGEST ? value : UPRIGHT
    }
  } catch {
    // Nobody could turn it, then.
  }
  return UPRIGHT
}

export function blockOf(orientation: number): Bytes {
  const block = new Uint8Array(26)
  const view = viewOf(block)
  block.set([0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1])
  view.setUint16(10, TAG)
  view.setUint16(12, SHORT)
  view.setUint32(14, 1)
  view.setUint16(18, orientation)
  return block
}

export function turned(width: number, height: number, orientation: number) {
  return orientation < SIDEWAYS ? { width, height } : { width: height, height: width }
}
