/**
 * Reads a zip of a stranger: only its list of entries at first, then one entry after another, as a stream.
 *
 * Before anything is unpacked the list must make sense: not too many entries, none that is packed tighter than texts can be,
 * none with a password, none that share their bytes. Names that could lead out of a folder, and names that are there twice,
 * are left out. While an entry is read, its length and its checksum are compared with what the list says of them.
 */
import { type Entry, Reader, ZipReader } from "@zip.js/zip.js/lib/zip-core-native.js"
import { entryOf, type Facts } from "./entryReading.ts"
import { MOST_ENTRIES, MOST_LIST_BYTES, MOST_PART_BYTES, MOST_RATIO, RATIO_FROM_BYTES } from "./limits.ts"
import { joined } from "./lines.ts"
import { shownPart } from "./naming.ts"
import { ImportRefused, PartDamaged } from "./reasons.ts"
import type { RandomAccess, Skipped } from "./source.ts"

export interface Archive {
  /** In the order of the list, without folders. */
  readonly names: readonly string[]
  readonly skipped: readonly Skipped[]
  /** Bytes when unpacked; null: there is no such entry. */
  size(name: string): number | null
  /**
   * Null: there is no such entry. It rejects with `PartDamaged`, at its end at the latest.
   *
   * @param hasSum whoever reads it has a better sum than the zip: then it gives what is there, changed or not.
   */
  stream(name: string, hasSum?: boolean): ReadableStream<Uint8Array> | null
  close(): Promise<void>
}

class Bytes extends Reader<RandomAccess> {
  readonly #file: RandomAccess
  /** What went wrong with the file itself. */
  failure: unknown = null

  constructor(file: RandomAccess) {
    super(file)
    this.#file = file
    this.size = file.size
  }

  override async readUint8Array(at: number, length: number): Promise<Uint8Array> {
    if (length > MOST_LIST_BYTES) throw new ImportRefused("too_many_entries")
    try {
      return await this.#file.read(at, Math.max(0, Math.min(length, this.size - at)))
    } catch (error) {
      this.failure = error
      throw error
    }
  }
}

/** @throws ImportRefused */
export async function openZip(file: RandomAccess, most = MOST_ENTRIES): Promise<Archive> {
  const bytes = new Bytes(file)
  const reader = new ZipReader(bytes, { useWebWorkers: false, filenameValidation: "tolerant" })
  const entries = new Map<string, Facts>()
  const skipped: Skipped[] = []
  let packed = 0
  for await (const entry of listed(reader, bytes)) {
    if (entries.size + skipped.length === most) throw new ImportRefused("too_many_entries")
    check(entry)
    packed += entry.compressedSize
    if (packed > file.size) throw new ImportRefused("bomb")
    const where = shownPart(entry.filename)
    if (!isSafe(entry.filename)) skipped.push({ where, why: "unsafe_name" })
    else if (entries.has(entry.filename)) skipped.push({ where, why: "repeated" })
    else if (!METHODS.includes(entry.compressionMethod)) skipped.push({ where, why: "damaged", detail: "method" })
    else if (!entry.directory) entries.set(entry.filename, factsOf(entry, where))
  }
  return {
    names: [...entries.keys()],
    skipped,
    size: (name) => entries.get(name)?.size ?? null,
    stream: (name, hasSum = false) => {
      const entry = entries.get(name)
      return entry === undefined ? null : entryOf(file, entry, hasSum)
    },
    close: () => reader.close(),
  }
}

/** Stored and deflated: no program that people export with has others. */
const [STORED, DEFLATED] = [0, 8]
const METHODS = [STORED, DEFLATED]

const factsOf = (entry: Entry, where: string): Facts => ({
  where,
  offset: entry.offset,
  isPacked: entry.compressionMethod === DEFLATED,
  packed: entry.compressedSize,
  size: entry.uncompressedSize,
  crc: entry.crc32 ?? 0,
})

async function* listed(reader: ZipReader<unknown>, bytes: Bytes): AsyncGenerator<Entry, void> {
  try {
    yield* reader.getEntriesGenerator()
  } catch (error) {
    if (error instanceof ImportRefused) throw error
    if (bytes.failure !== null) throw bytes.failure
    const isCut = error instanceof Error && /End of central directory/.test(error.message)
    throw new ImportRefused(isCut ? "cut" : "damaged", "", { cause: error })
  }
}

function check({ encrypted, compressedSize, uncompressedSize, filename }: Entry): void {
  if (encrypted) throw new ImportRefused("encrypted", shownPart(filename))
  const isTight = uncompressedSize > compressedSize * MOST_RATIO && uncompressedSize > RATIO_FROM_BYTES
  if (isTight) throw new ImportRefused("bomb", shownPart(filename))
}

/** Controls also turn up in what a terminal shows. */
const UNSAFE = /[\p{Cc}\\]|^\/|^[A-Za-z]:|(^|\/)\.\.?(\/|$)|\uFFFD/u

const isSafe = (name: string) => name !== "" && name.length <= 1_000 && !UNSAFE.test(name)

/**
 * An archive as seen from the folder in which one of these parts stands: people unpack a zip and pack its folder again. The
 * archive itself if none is there, or one stands at its top.
 */
export function rooted(archive: Archive, parts: readonly string[]): Archive {
  const folder = archive.names
    .filter((name) => parts.some((part) => name === part || name.endsWith(`/${part}`)))
    .map((name) => name.slice(0, name.lastIndexOf("/") + 1))
    .sort((a, b) => a.length - b.length)[0]
  if (folder === undefined || folder === "") return archive
  return {
    names: archive.names.filter((name) => name.startsWith(folder)).map((name) => name.slice(folder.length)),
    skipped: archive.skipped,
    size: (name) => archive.size(folder + name),
    stream: (name, hasSum) => archive.stream(folder + name, hasSum),
    close: archive.close,
  }
}

/** A part as a whole. @throws PartDamaged */
export async function bytesIn(archive: Archive, name: string, most = MOST_PART_BYTES): Promise<Uint8Array | null> {
  const stream = archive.stream(name)
  if (stream === null) return null
  if ((archive.size(name) ?? 0) > most) {
    await stream.cancel()
    throw new PartDamaged("oversized", shownPart(name))
  }
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of stream) {
    pieces.push(piece)
    length += piece.length
  }
  return joined(pieces, length)
}
