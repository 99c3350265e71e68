/**
 * What kind of picture somebody's bytes are, and how large, before a browser is asked to decode them: what came with them may
 * be a lie, and a few bytes may claim more pixels than there is memory.
 */
export interface PictureIn {
  readonly type: string
  readonly width: number
  readonly height: number
}

/** Far enough for the profiles and notes that stand before the size of a JPEG. */
const HEAD_BYTES = 1_048_576

/** Null: it is no picture that is shown. */
export async function pictureIn(blob: Blob): Promise<PictureIn | null> {
  const view = new DataView(await blob.slice(0, HEAD_BYTES).arrayBuffer())
  try {
    return read(view)
  } catch (error) {
    // It ends before it says how large it is.
    if (error instanceof RangeError) return null
    throw error
  }
}

function read(view: DataView): PictureIn | null {
  const begins = view.getUint32(0)
  if (begins === 0x89504e47) return { type: "image/png", width: view.getUint32(16), height: view.getUint32(20) }
  if (begins === 0x47494638)
    return { type: "image/gif", width: view.getUint16(6, true), height: view.getUint16(8, true) }
  if (begins >>> 8 === 0xffd8ff) return ofJpeg(view)
  if (begins === 0x52494646 && view.getUint32(8) === 0x57454250) return ofWebp(view)
  if (/^ftypavi[fs]/.test(letters(view, 4, 8))) return ofAvif(view)
  return null
}

/** The first frame says it (ITU T.81, B.2.2); of these markers three are no frames. */
function ofJpeg(view: DataView): PictureIn | null {
  for (let at = 2; ; ) {
    const marker = view.getUint16(at)
    if (marker >>> 8 !== 0xff) return null
    if (marker === 0xffff) at += 1
    else if (marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker))
      return { type: "image/jpeg", width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    else at += 2 + view.getUint16(at + 2)
  }
}

function ofWebp(view: DataView): PictureIn | null {
  const type = "image/webp"
  const three = (at: number) => (view.getUint32(at, true) & 0xffffff) + 1
  switch (letters(view, 12, 4)) {
    case "VP8X":
      return { type, width: three(24), height: three(27) }
    case "VP8 ":
      return { type, width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
    case "VP8L": {
      const sizes = view.getUint32(21, true)
      return { type, width: (sizes & 0x3fff) + 1, height: ((sizes >>> 14) & 0x3fff) + 1 }
    }
  }
  return null
}

/** The largest of what it is made of: an AVIF may be put together from tiles. */
function ofAvif(view: DataView): PictureIn | null {
  let [width, height] = [0, 0]
  for (let at = 0; at + 16 <= view.byteLength; at++) {
    if (view.getUint32(at) !== 0x69737065) continue
    width = Math.max(width, view.getUint32(at + 8))
    height = Math.max(height, view.getUint32(at + 12))
  }
  return width === 0 ? null : { type: "image/avif", width, height }
}

function letters(view: DataView, at: number, count: number): string {
  return String.fromCharCode(...Array.from({ length: count }, (_, index) => view.getUint8(at + index)))
}
