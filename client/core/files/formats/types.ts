/** What a file is, by its first bytes: names and types that come with it may say anything. */
import { letters, viewOf } from "./bytes.ts"

/** What may be shown or played on the page; everything else is only to be downloaded. */
const SHOWN = [
  "image/png",
  "image/jpeg",
  "image/gif",
  "image/webp",
  "image/avif",
  "video/mp4",
  "video/webm",
  "video/quicktime",
  "audio/mpeg",
  "audio/mp4",
  "audio/ogg",
  "audio/wav",
]
export const HEAD_BYTES = 64
export const UNKNOWN = "application/octet-stream"

export function isShown(type: string): boolean {
  return SHOWN.includes(type)
}

/** Kinds by how they begin, one character a byte. */
const BEGINNINGS: readonly (readonly [RegExp, string])[] = [
  [/^\xff\xd8\xff/, "image/jpeg"],
  [/^.PNG\r\n/s, "image/png"],
  [/^GIF8[79]a/, "image/gif"],
  [/^RIFF.{4}WEBP/s, "image/webp"],
  [/^RIFF.{4}WAVE/s, "audio/wav"],
  [/^.{4}ftypavi[fs]/s, "image/avif"],
  [/^.{4}ftyp(?:he[iv][cmsx]|mif[12]|msf1)/s, "image/heic"],
  [/^.{4}ftypM4[AB]/s, "audio/mp4"],
  [/^.{4}ftypqt/s, "video/quicktime"],
  [/^.{4}ftyp/s, "video/mp4"],
  // Films of before there was a box for their kind.
  [/^.{4}(?:moov|mdat|wide|free|skip)/s, "video/quicktime"],
  [/^.E\xdf\xa3.{0,40}webm/s, "video/webm"],
  [/^OggS/, "audio/ogg"],
  [/^(?:ID3|\xff[\xf2\xf3\xfa\xfb])/, "audio/mpeg"],
]

/**
 * The type of a file.
 *
 * @param head its first HEAD_BYTES.
 * @param told what the browser makes of its name: believed only where nothing is shown because of it.
 */
export function typeOf(head: Uint8Array, told = ""): string {
  const beginning = letters(viewOf(head), 0, Math.min(head.length, HEAD_BYTES))
  const found = BEGINNINGS.find(([pattern]) => pattern.test(beginning))?.[1]
  if (found !== undefined) return found
  const type = told.toLowerCase()
  return /^[a-z0-9.+-]+\/[a-z0-9.+-]+$/.test(type) && type.length <= 100 && !isShown(type) ? type : UNKNOWN
}
