/**
 * Takes out of a picture or a film, without changing how it looks, what its camera noted beside it: where it was made, when,
 * with what, by whom.
 *
 * No file makes it throw, unless it cannot be read from the disk: what is damaged goes on as a file that may hold anything.
 */
import type { Bytes, Cleaned } from "./formats/bytes.ts"
import { cleanGif } from "./formats/gif.ts"
import { cleanJpeg } from "./formats/jpeg.ts"
import { cleanMovie } from "./formats/movie.ts"
import { cleanPng } from "./formats/png.ts"
import { HEAD_BYTES, typeOf, UNKNOWN } from "./formats/types.ts"
import { cleanWebp } from "./formats/webp.ts"
import { MAX_PIXELS } from "./kinds.ts"

export interface Clean {
  readonly blob: Blob
  readonly type: string
  /** As it is shown; 0 if that is not known. */
  readonly width: number
  readonly height: number
  readonly isAnimated: boolean
  /** Files of this kind often say something about people, and not all of it was removed. */
  readonly mayHoldPersonalData: boolean
}

const PICTURES: Readonly<Record<string, (bytes: Bytes) => Cleaned>> = {
  "image/jpeg": cleanJpeg,
  "image/png": cleanPng,
  "image/webp": cleanWebp,
  "image/gif": cleanGif,
}
const MOVIES = ["image/avif", "image/heic", "video/mp4", "video/quicktime", "audio/mp4"]
const DOCUMENTS = /^(?:image|video)\/|pdf|msword|ms-|officedocument|opendocument|rtf|postscript|photoshop/
const SIZELESS = { width: 0, height: 0, isAnimated: false }

/** @param told the type that the browser makes of its name. */
export async function clean(file: Blob, told: string): Promise<Clean> {
  const type = typeOf(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()), told)
  const cleaned = await cleanedAs(file, type).catch((error: unknown) => {
    // It could not be read from the disk.
    if (error instanceof DOMException) throw error
    return null
  })
  if (cleaned === undefined) return { ...SIZELESS, blob: file, type, mayHoldPersonalData: DOCUMENTS.test(type) }
  // It calls itself a picture, and nobody knows what is in it.
  if (cleaned === null) return { ...SIZELESS, blob: file, type: UNKNOWN, mayHoldPersonalData: true }
  const { parts, hasWords = false, ...rest } = cleaned
  return { ...rest, blob: new Blob([...parts], { type }), mayHoldPersonalData: hasWords }
}

/** Whether a browser may be asked to decode it. */
export function isDecodable({ width, height }: Pick<Clean, "width" | "height">): boolean {
  return width > 0 && height > 0 && width * height <= MAX_PIXELS
}

/** Undefined: it is of no kind that has anything removed. */
async function cleanedAs(file: Blob, type: string): Promise<Cleaned | undefined> {
  if (MOVIES.includes(type)) return cleanMovie(file, type)
  return PICTURES[type]?.(new Uint8Array(await file.arrayBuffer()))
}
