/**
 * The bytes of one entry of a zip. The package that reads the list could do this too, but what it keeps of an entry takes six
 * kilobytes, and a zip may have two hundred thousand; these facts take a hundred bytes.
 */
import { streamOf } from "../archive/zip.ts"
import { crc32 } from "./crc32.ts"
import { PartDamaged } from "./reasons.ts"
import type { RandomAccess } from "./source.ts"

export interface Facts {
  /** Its name in reports. */
  readonly where: string
  /** Where its own header begins. */
  readonly offset: number
  readonly isPacked: boolean
  readonly packed: number
  readonly size: number
  readonly crc: number
}

const HEADER = 0x04034b50
const HEADER_BYTES = 30
/** So much at once, of which a thousand times as much may come. */
const CHUNK_BYTES = 65_536

/** It rejects with `PartDamaged`, at its end at the latest, if it is not what the list says. @param hasSum see `Archive.stream`. */
export function entryOf(file: RandomAccess, facts: Facts, hasSum: boolean): ReadableStream<Uint8Array> {
  const disk: Disk = { failure: null }
  return streamOf(checked(unpacked(file, facts, disk), facts, hasSum, disk))
}

/** What went wrong with the file itself: no entry is to blame for that, and nothing of it may be skipped. */
interface Disk {
  failure: unknown
}

async function* checked(
  chunks: AsyncIterable<Uint8Array>,
  { where, size, crc }: Facts,
  hasSum: boolean,
  disk: Disk,
): AsyncGenerator<Uint8Array, void> {
  let come = 0
  let sum = 0
  try {
    for await (const chunk of chunks) {
      come += chunk.length
      if (come > size) break
      if (!hasSum) sum = crc32(chunk, sum)
      yield chunk
    }
  } catch (error) {
    if (disk.failure !== null) throw disk.failure
    throw error instanceof PartDamaged ? error : new PartDamaged("damaged", where, { cause: error })
  }
  if (come !== size || (!hasSum && sum !== crc)) throw new PartDamaged("damaged", where)
}

function unpacked(file: RandomAccess, facts: Facts, disk: Disk): AsyncIterable<Uint8Array> {
  const packed = packedBytes(file, facts, disk)
  if (!facts.isPacked) return packed
  // as: a stream of bytes takes bytes, whatever their buffer is.
  const inflating = new DecompressionStream("deflate-raw") as unknown as TransformStream<Uint8Array, Uint8Array>
  return piecesOf(streamOf(packed).pipeThrough(inflating))
}

/** Not every browser has streams that can be walked through. */
async function* piecesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = stream.getReader()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

async function* packedBytes(
  file: RandomAccess,
  { where, offset, packed }: Facts,
  disk: Disk,
): AsyncGenerator<Uint8Array, void> {
  const read = async (at: number, length: number) => {
    try {
      return await file.read(at, length)
    } catch (error) {
      disk.failure = error
      throw error
    }
  }
  const header = await read(offset, HEADER_BYTES)
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
  if (view.byteLength < HEADER_BYTES || view.getUint32(0, true) !== HEADER) throw new PartDamaged("damaged", where)
  const start = offset + HEADER_BYTES + view.getUint16(26, true) + view.getUint16(28, true)
  for (let at = 0; at < packed; ) {
    const bytes = await read(start + at, Math.min(CHUNK_BYTES, packed - at))
    if (bytes.length === 0) throw new PartDamaged("damaged", where)
    yield bytes
    at += bytes.length
  }
}
