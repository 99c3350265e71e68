/** Zips for tests of imports: good ones, by the writer of exports, and ones that no program would write. */
import { crc32, deflateRawSync } from "node:zlib"
import { zipOf } from "../archive/zip.ts"
import { ImportRefused } from "./reasons.ts"
import {
  type Gone,
  type ImportSource,
  openSource,
  type Place,
  type RandomAccess,
  type Said,
  type Skipped,
} from "./source.ts"

export function fileOf(content: string | Uint8Array): RandomAccess {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content
  return { size: bytes.length, read: async (at, length) => bytes.slice(at, at + length) }
}

export type Parts = Readonly<Record<string, string | Uint8Array | object>>

const bytesOf = (content: Parts[string]): Uint8Array => {
  if (content instanceof Uint8Array) return content
  return new TextEncoder().encode(typeof content === "string" ? content : JSON.stringify(content))
}

/** A zip as our exports are: entries are stored. */
export async function zipped(parts: Parts): Promise<Uint8Array> {
  async function* all() {
    for (const [name, content] of Object.entries(parts)) yield { name, chunks: one(bytesOf(content)) }
  }
  async function* one(bytes: Uint8Array) {
    yield bytes
  }
  return new Uint8Array(await new Response(zipOf(all())).arrayBuffer())
}

export interface Odd {
  readonly name: string
  readonly content: string | Uint8Array
  readonly isPacked?: boolean
  /** What the zip says of it, where that is not so. */
  readonly size?: number
  readonly packedSize?: number
  readonly crc?: number
  readonly flags?: number
  readonly method?: number
  /** Where its bytes are said to be. */
  readonly offset?: number
}

const UTF8 = 0x800

/** A zip byte by byte, which may say of its entries what is not so. */
export function oddZip(entries: readonly Odd[], { count = entries.length } = {}): Uint8Array {
  const pieces: Buffer[] = []
  const list: Buffer[] = []
  let at = 0
  for (const entry of entries) {
    const plain = Buffer.from(entry.content)
    const data = entry.isPacked ? deflateRawSync(plain) : plain
    const name = Buffer.from(entry.name)
    const facts = Buffer.alloc(26)
    facts.writeUInt16LE(20, 0)
    facts.writeUInt16LE((entry.flags ?? 0) | UTF8, 2)
    facts.writeUInt16LE(entry.method ?? (entry.isPacked ? 8 : 0), 4)
    facts.writeUInt32LE(0x0021_0000, 6)
    facts.writeUInt32LE(entry.crc ?? crc32(plain), 10)
    facts.writeUInt32LE(entry.packedSize ?? data.length, 14)
    facts.writeUInt32LE(entry.size ?? plain.length, 18)
    facts.writeUInt16LE(name.length, 22)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(entry.offset ?? at, 10)
    list.push(Buffer.from("PK\x01\x02\x14\0", "latin1"), facts, place, name)
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), facts, name, data])
    pieces.push(local)
    at += local.length
  }
  const directory = Buffer.concat(list)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(count, 4)
  end.writeUInt16LE(count, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...pieces, directory, Buffer.from("PK\x05\x06", "latin1"), end])
}

/** What was said in a place, what was deleted of it, and what was skipped. */
export async function heard(source: ImportSource, place: Place | undefined) {
  const said: Said[] = []
  const gone: Gone[] = []
  const skipped: Skipped[] = []
  if (place !== undefined) {
    for await (const each of source.said(place)) {
      if ("why" in each) skipped.push(each)
      else if ("deletedAt" in each) gone.push(each)
      else said.push(each)
    }
  }
  return { said, gone, skipped }
}

export const textOf = async (stream: ReadableStream<Uint8Array> | null): Promise<string | null> =>
  stream === null ? null : new Response(stream).text()

/** Why a file is refused; "" if it is not. */
export async function refusalOf(bytes: Uint8Array | string): Promise<string> {
  try {
    await (await openSource(fileOf(bytes), "chat.zip")).close()
    return ""
  } catch (error) {
    if (error instanceof ImportRefused) return error.why
    throw error
  }
}
