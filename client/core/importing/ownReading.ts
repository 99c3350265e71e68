/**
 * Reads our own exports (docs/export.md). Of every part that is read the SHA-256 is compared with the manifest's while it
 * passes; what is wrong shows at its end. Messages keep their ids.
 */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex } from "@noble/hashes/utils.js"
import {
  type ChannelRecord,
  channelRecord,
  FORMAT,
  fileOf,
  type Manifest,
  type MemberRecord,
  manifest,
  memberRecord,
  messageRecord,
  messagesOf,
  PARTS,
} from "../archive/records.ts"
import { Misshapen, object, type Shape, text } from "../shape.ts"
import { parsed } from "./json.ts"
import { linesOf } from "./lines.ts"
import { recordIn } from "./listReading.ts"
import { placeName, shownPart, topicOf } from "./naming.ts"
import { draftOf } from "./ownMessages.ts"
import { createPeople } from "./people.ts"
import { ImportRefused, PartDamaged } from "./reasons.ts"
import { createRecent } from "./recent.ts"
import { shaped } from "./shaping.ts"
import type { Gone, ImportSource, Place, Said, Skipped } from "./source.ts"
import { type Archive, bytesIn } from "./zipReading.ts"

const FAMILY = FORMAT.replace(/\d+$/, "")

/** The manifest, null if this is no export of ours. @throws ImportRefused if it is one that cannot be read. */
export async function manifestIn(archive: Archive): Promise<Manifest | null> {
  const { names } = archive
  const looksLikeOurs = names.includes(PARTS.members) && names.includes(PARTS.channels)
  const bytes = await bytesIn(archive, PARTS.manifest).catch((error: unknown) => {
    throw error instanceof PartDamaged ? new ImportRefused("manifest", PARTS.manifest, { cause: error }) : error
  })
  if (bytes === null) {
    if (looksLikeOurs) throw new ImportRefused("manifest", PARTS.manifest)
    return null
  }
  const read = parsed(new TextDecoder().decode(bytes))
  const value = typeof read === "string" ? null : read.value
  try {
    if (!object({ format: text })(value, PARTS.manifest).format.startsWith(FAMILY)) return null
    return manifest(value, PARTS.manifest)
  } catch (error) {
    if (!(error instanceof Misshapen)) throw error
    if (!looksLikeOurs && !isOfFamily(value)) return null
    throw new ImportRefused("manifest", shownPart(error.path), { cause: error })
  }
}

const isOfFamily = (value: unknown) => JSON.stringify(value ?? null).includes(`"${FAMILY}`)

/** @throws ImportRefused */
export async function openOwn(archive: Archive, made: Manifest): Promise<ImportSource> {
  const skipped: Skipped[] = [...archive.skipped]
  const sums = new Map(made.parts.map(({ name, sha256 }) => [name, sha256]))
  const firsts = new Map(made.channels.map(({ id, first_at }) => [id, first_at]))
  const people = createPeople()
  const taken = async <T>(part: string, shape: Shape<T>): Promise<readonly T[]> => {
    const records: T[] = []
    for await (const { value, where } of recordsIn(archive, sums, part)) {
      const record = typeof value === "string" ? { where, why: value } : recordIn(value.value, where, shape)
      if ("why" in record) skipped.push(record)
      else records.push(record.value)
    }
    return records
  }
  for (const { id, name } of await taken<MemberRecord>(PARTS.members, memberRecord)) people.meet(id, name)
  const places = new Map<string, Place>()
  for (const record of await taken<ChannelRecord>(PARTS.channels, channelRecord)) {
    if (places.has(record.id)) skipped.push({ where: shownPart(record.id), why: "repeated" })
    else places.set(record.id, placeOf(record))
  }
  if (places.size === 0) throw new ImportRefused("lists", PARTS.channels)
  for (const { people: keys } of places.values()) for (const key of keys) people.meet(key)
  return {
    flavour: "own",
    title: topicOf(made.title),
    people: people.all,
    places: [...places.values()],
    skipped,
    said: (place) => saidIn(archive, sums, place),
    bytesOf: async ({ key }) => checked(archive, sums, fileOf(key)),
    close: archive.close,
  }

  async function* saidIn(from: Archive, sumsOf: Sums, place: Place): AsyncGenerator<Said | Gone | Skipped, void> {
    const isNew = createRecent()
    let before = firsts.get(place.key) ?? null
    for await (const { value, where } of recordsIn(from, sumsOf, messagesOf(place.key))) {
      const record = typeof value === "string" ? { where, why: value } : recordIn(value.value, where, messageRecord)
      if ("why" in record) {
        yield record
        continue
      }
      const { draft, skipped: lost } = draftOf({ archive: from, people, before }, place, record.value, where)
      if (draft !== null && !isNew(draft.id)) {
        yield { where, why: "repeated" }
        continue
      }
      yield* lost
      if (draft === null) continue
      before = draft.sentAt
      if ("deletedAt" in draft) yield draft
      else yield* shaped(draft)
    }
  }
}

function placeOf({ id, name, topic, kind, members, archived }: ChannelRecord): Place {
  return {
    key: id,
    name: kind === "direct" ? "" : placeName(name, id),
    topic: topicOf(topic),
    kind,
    people: [...new Set(members)],
    archived,
  }
}

type Sums = ReadonlyMap<string, string>

/** A part that rejects at its end if it is not what was exported; null if it is not there. */
function checked(archive: Archive, sums: Sums, name: string): ReadableStream<Uint8Array> | null {
  const stream = archive.stream(name, sums.has(name))
  if (stream === null) return null
  const hash = sha256.create()
  return stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        hash.update(chunk)
        controller.enqueue(chunk)
      },
      flush: () => {
        if (bytesToHex(hash.digest()) !== sums.get(name)) throw new PartDamaged("changed", shownPart(name))
      },
    }),
  )
}

interface Read {
  readonly value: ReturnType<typeof parsed> | Skipped["why"]
  readonly where: string
}

/** The lines of a part; a fault of the part itself comes last. */
async function* recordsIn(archive: Archive, sums: Sums, name: string): AsyncGenerator<Read, void> {
  const part = shownPart(name)
  const stream = checked(archive, sums, name)
  if (stream === null) {
    yield { value: "missing", where: part }
    return
  }
  try {
    for await (const { number, text: line, problem } of linesOf(stream)) {
      yield { value: line === null ? (problem ?? "malformed") : parsed(line), where: `${part} ${number}` }
    }
  } catch (error) {
    if (!(error instanceof PartDamaged)) throw error
    yield { value: error.why, where: part }
  }
}
