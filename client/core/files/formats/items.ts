/**
 * What HEIC and AVIF pictures are made of (ISO 23008-12), and which of it is none of the picture: Exif and XMP, which are items
 * beside it, and properties that say when it was made and what people call it.
 */
import { type Box, blank, childrenOf, type Edit } from "./boxes.ts"
import { letters, Misread } from "./bytes.ts"

const PICTURES = [
  "hvc1",
  "hev1",
  "lhv1",
  "av01",
  "vvc1",
  "avc1",
  "j2k1",
  "jpeg",
  "unci",
  "grid",
  "iovl",
  "iden",
  "tmap",
]
/** Exif without anything in it: decoders refuse zeros. */
const NO_NOTES = "\0\0\0\0MM\0*\0\0\0\b"
const STRANGERS = ["udes", "crtt", "mdft", "uuid", "free", "skip"]

/** @param meta the box that describes the picture, with which `view` begins. */
export function tracesOfItems(view: DataView, meta: Box) {
  const offset = meta.at
  const inside = (box: Box, skipped: number) => childrenOf(view, box.body + skipped, box.end, offset)
  const children = inside(meta, 4)
  const child = (kind: string) => children.find((box) => box.kind === kind)
  const properties = children
    .filter(({ kind }) => kind === "iprp")
    .flatMap((box) => inside(box, 0).filter(({ kind }) => kind === "ipco"))
    .flatMap((box) => inside(box, 0))
  const sizes = properties.filter(({ kind }) => kind === "ispe").map(({ body }) => body - offset + 4)
  const largest = (at: number) => Math.max(0, ...sizes.map((size) => view.getUint32(size + at)))
  const items = child("iinf")
  const places = child("iloc")
  const edits = properties.filter(({ kind }) => STRANGERS.includes(kind)).flatMap(blank)
  edits.push(...children.filter(({ kind }) => STRANGERS.includes(kind)).flatMap(blank))
  if (items !== undefined && places !== undefined) {
    const isLarge = view.getUint8(items.body - offset) > 0
    const strangers = new Map(
      inside(items, isLarge ? 8 : 6).flatMap(({ body }) => {
        const { id, kind } = itemAt(view, body - offset)
        return PICTURES.includes(kind) ? [] : [[id, kind === "Exif" ? NO_NOTES : ""]]
      }),
    )
    edits.push(...placesOf(view, places.body - offset, strangers, child("idat")))
  }
  return { edits, width: largest(0), height: largest(4) }
}

function itemAt(view: DataView, at: number) {
  const version = view.getUint8(at)
  if (version < 2) throw new Misread("an item of an old kind")
  const isLong = version > 2
  return {
    id: isLong ? view.getUint32(at + 4) : view.getUint16(at + 4),
    kind: letters(view, at + (isLong ? 10 : 8), 4),
  }
}

/** Where the bytes of these items are. */
function placesOf(
  view: DataView,
  start: number,
  wanted: ReadonlyMap<number, string>,
  data: Box | undefined,
): readonly Edit[] {
  let at = start
  const next = (bytes: number) => {
    let value = 0
    for (let index = 0; index < bytes; index++) value = value * 256 + view.getUint8(at + index)
    at += bytes
    return value
  }
  const version = next(1)
  at += 3
  const [forOffset, forLength] = halves(next(1))
  const [forBase, forIndex] = halves(next(1))
  const edits: Edit[] = []
  for (let left = next(version < 2 ? 2 : 4); left > 0; left--) {
    const id = next(version < 2 ? 2 : 4)
    const isInside = version > 0 && (next(2) & 15) === 1
    at += 2
    const base = next(forBase) + (isInside ? (data?.body ?? 0) : 0)
    for (let extents = next(2); extents > 0; extents--) {
      if (version > 0) at += forIndex
      const from = base + next(forOffset)
      const length = next(forLength)
      const text = wanted.get(id)
      if (text !== undefined) edits.push({ at: from, end: from + (length || Number.MAX_SAFE_INTEGER), text })
    }
  }
  return edits
}

const halves = (byte: number) => [byte >> 4, byte & 15] as const
