/**
 * What a file is shown as, and how much room it takes before anything of it has come. Types not named here are only ever
 * saved: a browser runs what is in SVG, HTML and XML, and reads PDF with a program of its own.
 */
import type { FileInfo } from "./types.ts"

export type Kind = "picture" | "video" | "audio" | "file"

const KINDS: readonly (readonly [Kind, RegExp])[] = [
  ["picture", /^image\/(png|jpeg|gif|webp|avif)$/],
  ["video", /^video\/(mp4|webm|quicktime)$/],
  ["audio", /^audio\/(mpeg|mp3|mp4|(x-)?m4a|ogg|webm|(x-)?wav)$/],
]
/** A picture that is larger is not decoded: it takes four bytes for each of these. */
export const MAX_PIXELS = 40_000_000

type Measured = Pick<FileInfo, "type" | "width" | "height">

export function kindOf({ type, width = 0, height = 0 }: Measured): Kind {
  const kind = KINDS.find(([, types]) => types.test(type))?.[0] ?? "file"
  // Without its size no room could be kept for it.
  return kind === "picture" && !isPixels(width, height) ? "file" : kind
}

const isPixels = (width: number, height: number): boolean => width >= 1 && height >= 1 && width * height <= MAX_PIXELS

/** Those that are seen in the message, and those that stand below as cards. */
export function inSight<F extends Measured>(files: readonly F[]): readonly [seen: readonly F[], cards: readonly F[]] {
  const isSeen = (file: F) => /^[pv]/.test(kindOf(file))
  return [files.filter(isSeen), files.filter((file) => !isSeen(file))]
}

/** The room for what is seen: `ratio` is its width by its height, `rem` the largest width. */
export interface Room {
  readonly ratio: number
  readonly rem: number
}

const WIDEST_REM = 30
const HIGHEST_REM = 20
const SMALLEST_REM = 7
const PIXELS_PER_REM = 16

/** Alone a picture keeps its form, within reason; several share a grid (styles/files.css) whose form their number gives. */
export function roomFor(seen: readonly Measured[]): Room {
  const count = seen.length
  if (count > 1) return { ratio: [2.5, 2.3, 1.6][count - 2] ?? 4 / Math.ceil(count / 3), rem: WIDEST_REM }
  const { width = 0, height = 0 } = seen[0] ?? {}
  const known = width >= 1 && height >= 1
  const ratio = known ? Math.min(Math.max(width / height, 0.5), 4) : 16 / 9
  const natural = known ? width / PIXELS_PER_REM : WIDEST_REM
  return { ratio, rem: Math.max(Math.min(natural, WIDEST_REM, HIGHEST_REM * ratio), SMALLEST_REM) }
}
