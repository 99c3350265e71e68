/**
 * The boxes that films and some pictures are made of (ISO 14496-12), and how one goes without anything else moving: offsets
 * count from the beginning of the file. So it is renamed to `free` and filled with zeros where it stands.
 */
import { letters, Misread } from "./bytes.ts"

/** Places are those in the file. */
export interface Box {
  readonly kind: string
  readonly at: number
  /** Where its content begins. */
  readonly body: number
  readonly end: number
}

/** A text to be written over what is there, and zeros after it. */
export interface Edit {
  readonly at: number
  readonly end: number
  readonly text: string
}

/** The longest head of a box. */
export const HEAD_BYTES = 16

/**
 * @param at its place in the file.
 * @param from its place in `view`.
 * @param limit where the box ends that it is in.
 */
export function headOf(view: DataView, at: number, from: number, limit: number): Box {
  const short = view.getUint32(from)
  const head = short === 1 ? HEAD_BYTES : 8
  const length = short === 1 ? Number(view.getBigUint64(from + 8)) : short
  if (length > 0 && length < head) throw new Misread("a box that is smaller than its head")
  return { kind: letters(view, from + 4, 4), at, body: at + head, end: length === 0 ? limit : at + length }
}

/** @param offset where `view` begins in the file. */
export function childrenOf(view: DataView, from: number, end: number, offset: number): readonly Box[] {
  const boxes: Box[] = []
  for (let at = from; at + 8 <= end; ) {
    const box = headOf(view, at, at - offset, end)
    if (box.end > end) throw new Misread("a box that is larger than the one around it")
    boxes.push(box)
    at = box.end
  }
  return boxes
}

/** Nothing of it is left, and nothing else has moved. */
export function blank({ at, body, end }: Box): readonly Edit[] {
  return [
    { at: at + 4, end: at + 8, text: "free" },
    { at: body, end, text: "" },
  ]
}
