/**
 * Films, and pictures that are made like films (MP4, MOV, M4A, HEIC, AVIF), without what says who made them, where and when.
 * Only what describes the film is read, however long it is.
 */
import { type Box, blank, childrenOf, type Edit, HEAD_BYTES, headOf } from "./boxes.ts"
import { type Bytes, type Cleaned, letters, Misread, viewOf } from "./bytes.ts"
import { tracesOfItems } from "./items.ts"

/** What stays of the children of a box; of other boxes, everything does. */
const STAY: Readonly<Record<string, string>> = {
  "": "ftyp styp moov moof mdat sidx ssix mfra wide pdin imda",
  moov: "mvhd iods trak mvex pssh",
  trak: "tkhd edts tref mdia tapt load trgr",
  mdia: "mdhd hdlr minf elng",
  minf: "vmhd smhd sthd nmhd gmhd hdlr dinf stbl",
  moof: "mfhd traf pssh",
  traf: "tfhd trun tfdt sbgp sgpd subs saiz saio senc",
}
/** Tracks of anything else are what cameras note beside the film: where they are, how fast, how they are held. */
const TRACKS = ["vide", "soun", "pict", "auxv", "tmcd"]
/** Drones write there where they are, everybody else what is said. */
const WORDS = ["text", "sbtl", "subt", "clcp"]
const TIMES = ["mvhd", "tkhd", "mdhd"]
const MAX_BOXES = 20_000
/** Of what describes the film. */
const MAX_DESCRIPTION_BYTES = 100_000_000

/** @param type what it is; pictures keep the box that says what they are made of. */
export async function cleanMovie(file: Blob, type: string): Promise<Cleaned> {
  const isPicture = type.startsWith("image/")
  const edits: Edit[] = []
  let [width, height, isAnimated, isDescribed] = [0, 0, false, false]
  const handlers = new Set<string>()
  let count = 0
  for (let at = 0; at + 8 <= file.size; ) {
    if (++count > MAX_BOXES) throw new Misread("too many boxes")
    const box = headOf(viewOf(await read(file, at, at + HEAD_BYTES)), at, 0, file.size)
    at = box.end
    if (isPicture && box.kind === "meta") {
      isDescribed = true
      const found = tracesOfItems(await description(file, box), box)
      edits.push(...found.edits)
      width = Math.max(width, found.width)
      height = Math.max(height, found.height)
    } else if (!stays("", box.kind)) edits.push(...blank(box))
    else if (box.kind === "moov" || box.kind === "moof") {
      isAnimated = true
      isDescribed ||= !isPicture
      edits.push(...tracesIn(await description(file, box), box, box.at, handlers))
    }
  }
  // What is in the rest nobody can say.
  if (!isDescribed) throw new Misread("no description")
  return {
    parts: written(file, edits),
    type,
    width,
    height,
    isAnimated,
    hasWords: WORDS.some((kind) => handlers.has(kind)),
  }
}

async function read(file: Blob, from: number, to: number): Promise<Bytes> {
  return new Uint8Array(await file.slice(from, to).arrayBuffer())
}

async function description(file: Blob, box: Box): Promise<DataView> {
  // A film that is cut in its pictures is shown as far as it goes; what describes it must be whole.
  if (box.end > file.size || box.end - box.at > MAX_DESCRIPTION_BYTES) throw new Misread("cut short, or too long")
  return viewOf(await read(file, box.at, box.end))
}

function stays(parent: string, kind: string): boolean {
  return STAY[parent]?.split(" ").includes(kind) ?? true
}

/** @param handlers gets the kinds of tracks that there are. */
function tracesIn(view: DataView, box: Box, offset: number, handlers: Set<string>): readonly Edit[] {
  if (TIMES.includes(box.kind)) return [timesIn(view, box, offset)]
  if (STAY[box.kind] === undefined) return []
  const children = childrenOf(view, box.body, box.end, offset)
  if (box.kind === "trak") {
    const handler = handlerOf(view, children, offset)
    handlers.add(handler)
    if (![...TRACKS, ...WORDS].includes(handler)) return [...blank(box), ...samplesOf(view, box, offset)]
  }
  return children.flatMap((child) =>
    stays(box.kind, child.kind) ? tracesIn(view, child, offset, handlers) : blank(child),
  )
}

/** When it was made and when changed: 4 bytes each, or 8 in the second version. */
function timesIn(view: DataView, { body }: Box, offset: number): Edit {
  return { at: body + 4, end: body + (view.getUint8(body - offset) === 1 ? 20 : 12), text: "" }
}

/** What kind of track these boxes describe; "" if they do not say. */
function handlerOf(view: DataView, children: readonly Box[], offset: number): string {
  const handler = find(view, children, ["mdia", "hdlr"], offset)
  return handler === undefined ? "" : letters(view, handler.body - offset + 8, 4)
}

function find(view: DataView, boxes: readonly Box[], path: readonly string[], offset: number): Box | undefined {
  const [kind, ...rest] = path
  const box = boxes.find((each) => each.kind === kind)
  if (box === undefined || rest.length === 0) return box
  return find(view, childrenOf(view, box.body, box.end, offset), rest, offset)
}

/** What a track has noted, wherever in the file it stands: the bytes of its samples. */
function samplesOf(view: DataView, track: Box, offset: number): readonly Edit[] {
  const table = (name: string) => {
    const found = find(view, [track], ["trak", "mdia", "minf", "stbl", name], offset)
    return found === undefined ? null : found.body - offset
  }
  const [runs, sizes, short, long] = [table("stsc"), table("stsz"), table("stco"), table("co64")]
  const chunks = short ?? long
  if (runs === null || sizes === null || chunks === null) return []
  const same = view.getUint32(sizes + 4)
  const edits: Edit[] = []
  let [run, sample] = [0, 0]
  for (let chunk = 0; chunk < view.getUint32(chunks + 4); chunk++) {
    while (run + 1 < view.getUint32(runs + 4) && view.getUint32(runs + 8 + (run + 1) * 12) <= chunk + 1) run++
    const count = view.getUint32(runs + 12 + run * 12)
    let length = same * count
    if (same === 0) for (let each = 0; each < count; each++) length += view.getUint32(sizes + 12 + (sample + each) * 4)
    sample += count
    const at =
      short === null ? Number(view.getBigUint64(chunks + 8 + chunk * 8)) : view.getUint32(chunks + 8 + chunk * 4)
    edits.push({ at, end: at + length, text: "" })
  }
  return edits
}

/** The file with other bytes in some places. */
function written(file: Blob, edits: readonly Edit[]): readonly (Bytes | Blob)[] {
  const parts: (Bytes | Blob)[] = []
  let done = 0
  for (const { at, end, text } of edits.toSorted((a, b) => a.at - b.at)) {
    const [from, to] = [Math.max(at, done), Math.min(end, file.size)]
    if (from >= to) continue
    const bytes = new Uint8Array(to - from)
    new TextEncoder().encodeInto(text, bytes)
    parts.push(file.slice(done, from), bytes)
    done = to
  }
  return [...parts, file.slice(done)]
}
