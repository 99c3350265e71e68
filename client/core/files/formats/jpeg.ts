/**
 * JPEG (ITU T.81) without anything but the picture, its orientation and its colour profile.
 *
 * What stays is listed, not what goes: cameras write into any of sixteen kinds of segments, and behind the end of the
 * picture (a film, other sizes of it, what was there before it was cropped).
 */
import { type Bytes, type Cleaned, cut, letters, Misread, viewOf } from "./bytes.ts"
import { blockOf, orientationOf, turned, UPRIGHT } from "./orientation.ts"

const [START, END, SCAN, APP0, EXIF, PROFILE, ADOBE] = [0xd8, 0xd9, 0xda, 0xe0, 0xe1, 0xe2, 0xee]
/** What decoding takes: frames, tables, scans, DNL and the like. */
const isPicture = (marker: number) => marker >= 0xc0 && marker <= 0xdf && marker !== 0xc8
/** Four of that range say something else than how large the picture is. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
const isRestart = (marker: number) => marker >= 0xd0 && marker <= 0xd7

export function cleanJpeg(bytes: Bytes): Cleaned {
  const view = viewOf(bytes)
  const kept: Bytes[] = []
  let orientation = UPRIGHT
  let [width, height] = [0, 0]
  let at = 2
  for (;;) {
    // A picture that is cut in its last scan is shown as far as it goes.
    if (at >= bytes.length) break
    if (view.getUint8(at) !== 0xff) throw new Misread("no marker")
    const marker = view.getUint8(at + 1)
    if (marker === END) break
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (marker === START || isRestart(marker)) throw new Misread("a marker that has no place here")
    const end = at + 2 + view.getUint16(at + 2)
    const content = cut(bytes, at + 4, end)
    if (isFrame(marker)) {
      width = Math.max(width, view.getUint16(at + 7))
      height = Math.max(height, view.getUint16(at + 5))
    }
    if (marker === EXIF && orientation === UPRIGHT) orientation = orientationOf(content)
    at = marker === SCAN ? endOfScan(bytes, end) : end
    const stays = isPicture(marker) ? bytes.subarray(end - content.length - 4, at) : application(marker, content)
    if (stays !== null) kept.push(stays)
  }
  const block = orientation === UPRIGHT ? [] : [segment(EXIF, "Exif\0\0", blockOf(orientation))]
  return {
    parts: [Uint8Array.of(0xff, START), ...block, ...kept, Uint8Array.of(0xff, END)],
    type: "image/jpeg",
    ...turned(width, height, orientation),
    isAnimated: false,
  }
}

/** Where the data of a scan end: at the next marker that is not part of them. */
function endOfScan(bytes: Bytes, from: number): number {
  let at = bytes.indexOf(0xff, from)
  while (at !== -1 && at + 1 < bytes.length) {
    const next = bytes[at + 1] ?? 0
    if (next !== 0 && next !== 0xff && !isRestart(next)) return at
    at = bytes.indexOf(0xff, at + 1)
  }
  return bytes.length
}

/** What of an application's segment decoding takes, made anew; null: nothing. */
function application(marker: number, content: Bytes): Bytes | null {
  const mark = (text: string) => content.length >= text.length && letters(viewOf(content), 0, text.length) === text
  // Without its thumbnail, which may show more than the picture does.
  if (marker === APP0 && mark("JFIF\0")) return segment(APP0, "", Uint8Array.of(...cut(content, 0, 12), 0, 0))
  if (marker === PROFILE && mark("ICC_PROFILE\0")) return segment(PROFILE, "", content)
  if (marker === ADOBE && mark("Adobe")) return segment(ADOBE, "", cut(content, 0, 12))
  return null
}

function segment(marker: number, mark: string, content: Bytes): Bytes {
  const length = 2 + mark.length + content.length
  const head = [0xff, marker, length >> 8, length & 0xff]
  const made = new Uint8Array(2 + length)
  made.set([...head, ...new TextEncoder().encode(mark)])
  made.set(content, head.length + mark.length)
  return made
}
