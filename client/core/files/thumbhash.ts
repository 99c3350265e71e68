/** Thumbhashes: a picture in two dozen bytes, which travel in its message and are shown until the picture has come. */
import { rgbaToThumbHash, thumbHashToRGBA } from "thumbhash"
import { fromBase64url, toBase64url } from "../encoding.ts"

/** The picture must be no larger than this on either side. */
export const HASHED_PIXELS = 100

/** @param rgba four bytes a pixel, row by row. */
export function encodeHash(width: number, height: number, rgba: ArrayLike<number>): string {
  return toBase64url(rgbaToThumbHash(width, height, rgba))
}

/** Throws if this is no thumbhash. */
export function decodeHash(hash: string) {
  const { w: width, h: height, rgba } = thumbHashToRGBA(fromBase64url(hash))
  return { width, height, rgba }
}
