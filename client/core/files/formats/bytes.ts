/**
 * What the readers of formats share. A read beyond the end throws a RangeError, as DataView does: a damaged file is no
 * special case anywhere, and `clean.ts` catches it once.
 */

export type Bytes = Uint8Array<ArrayBuffer>

/** What a reader makes of a file: the same picture or film, and nothing about who made it, where and when. */
export interface Cleaned {
  /** The bytes that stay, in order. */
  readonly parts: readonly (Bytes | Blob)[]
  readonly type: string
  /** As it is shown, turned; 0 if the file does not say. */
  readonly width: number
  readonly height: number
  readonly isAnimated: boolean
  /** Words go with it, which may say anything. */
  readonly hasWords?: boolean
}

/** The file is not what it seems, so nobody knows what is in it. */
export class Misread extends Error {
  override readonly name = "Misread"
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** `length` bytes as text, one character a byte. */
export function letters(view: DataView, at: number, length: number): string {
  let text = ""
  for (let index = 0; index < length; index++) text += String.fromCharCode(view.getUint8(at + index))
  return text
}

/** The bytes from one place to another; both must be within the file. */
export function cut(bytes: Bytes, from: number, to: number): Bytes {
  if (to > bytes.length || from > to) throw new Misread("cut short")
  return bytes.subarray(from, to)
}
