/**
 * Writes an export part by part (docs/export.md): whatever is large passes through and is not kept.
 *
 * `partsOf` gives the parts in the order of the zip; each has to be read to its end before the next is asked for. Nothing in
 * them depends on who writes them: the page and bin/export make the same bytes of the same room.
 */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex } from "@noble/hashes/utils.js"
import type { FileInfo } from "../files/types.ts"
import type { Channel, Message } from "../protocol.ts"
import { type Collected, collect, createReading, remember } from "./files.ts"
import { dataBlock, messagesBlock, type PageCode, pageEnd, pageStart } from "./page.ts"
import { nameOf, readmeOf } from "./readme.ts"
import {
  type ChannelRecord,
  channelFrom,
  FORMAT,
  fileOf,
  lineOf,
  type Manifest,
  type MemberRecord,
  manifest,
  messageFrom,
  messagesOf,
  PARTS,
} from "./records.ts"
import { channelsOf, compare, pagesOf, type Source } from "./source.ts"
import { createSpool, type Spool } from "./spool.ts"
import { archiveWords, type Say } from "./words.ts"

export interface Wanted {
  readonly scope: "open" | "seen"
  readonly files: boolean
  readonly language: string
  readonly say: Say
  readonly page: PageCode
  /** The names of emoji by code points, as Slack calls them; only asked for by its flavour. */
  readonly emojiNames: () => Promise<Readonly<Record<string, string>>>
}

/** How far an export is. Files are known when all messages have been read. */
export interface Progress {
  readonly channel: string
  readonly messages: number
  readonly files: {
    readonly done: number
    readonly of: number
    readonly bytes: number
    readonly ofBytes: number
  } | null
  /** How many of the files could not be had. */
  readonly missing: number
}

export interface Watch {
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

export interface Part {
  readonly name: string
  readonly chunks: AsyncIterable<Uint8Array>
}

type Counted = Manifest["channels"][number]

/** Everything that is known of an export while it is written. */
interface Writing {
  readonly source: Source
  readonly wanted: Wanted
  readonly watch: Watch
  readonly channels: readonly Channel[]
  readonly members: readonly MemberRecord[]
  readonly counted: Counted[]
  readonly collected: Collected
  readonly spools: Spool[]
  messages: number
}

const encoder = new TextEncoder()
const encode = (text: string) => encoder.encode(text)

export async function* partsOf(source: Source, wanted: Wanted, watch: Watch): AsyncGenerator<Part, void> {
  const writing: Writing = {
    source,
    wanted,
    watch,
    channels: channelsOf(source, wanted.scope),
    members: membersOf(source),
    counted: [],
    collected: collect(),
    spools: [],
    messages: 0,
  }
  const exported_at = source.now()
  const records = writing.channels.map(channelFrom)
  const parts: Manifest["parts"][number][] = []
  const summed = (name: string, chunks: AsyncIterable<Uint8Array>): Part => ({ name, chunks: sum(name, chunks, parts) })
  yield summed(PARTS.members, linesOf(writing.members))
  yield summed(PARTS.channels, linesOf(records))
  for (const channel of writing.channels) yield summed(messagesOf(channel.id), messagesIn(writing, channel, records))
  if (wanted.files) {
    for await (const { file, chunks } of filesOf(writing)) {
      yield summed(fileOf(file.id), chunks)
      // What came of it is no part of the export.
      if (writing.collected.missing.at(-1)?.id === file.id) parts.pop()
    }
  }
  const made = { ...factsOf(writing, parts), exported_at }
  yield summed(PARTS.readme, once(readmeOf(made, records, writing.members, wanted.say)))
  yield summed(PARTS.page, pageOf(writing, made, records))
  const whole = manifest({ ...made, parts }, "manifest")
  yield { name: PARTS.manifest, chunks: once(`${JSON.stringify(whole, null, 1)}\n`) }
}

function membersOf({ members, former }: Source): readonly MemberRecord[] {
  return [
    ...members.map(({ id, name, role }) => ({ id, name, role, former: false })),
    ...former.map(({ id, name }) => ({ id, name, role: null, former: true })),
  ].sort((a, b) => compare(a.id, b.id))
}

async function* sum(name: string, chunks: AsyncIterable<Uint8Array>, parts: Manifest["parts"][number][]) {
  const hash = sha256.create()
  let bytes = 0
  for await (const chunk of chunks) {
    hash.update(chunk)
    bytes += chunk.length
    yield chunk
  }
  parts.push({ name, bytes, sha256: bytesToHex(hash.digest()) })
}

async function* once(text: string) {
  yield encode(text)
}

async function* linesOf(records: readonly object[]) {
  if (records.length > 0) yield encode(records.map(lineOf).join(""))
}

async function* messagesIn(writing: Writing, channel: Channel, records: readonly ChannelRecord[]) {
  const { source, watch, collected, counted, spools, members } = writing
  const spool = createSpool()
  spools.push(spool)
  const record = records.find(({ id }) => id === channel.id)
  const name = record === undefined ? "" : nameOf(record, members)
  let count: Counted = {
    id: channel.id,
    messages: 0,
    deleted: 0,
    first_at: null,
    last_at: null,
    kept_days: keptDays(channel, source),
    begins_late: channel.since_seq > 0,
  }
  for await (const messages of pagesOf(source, channel, watch.signal)) {
    remember(collected, messages)
    count = counting(count, messages)
    writing.messages += messages.length
    watch.onProgress({ channel: name, messages: writing.messages, files: null, missing: 0 })
    const text = messages.map((message) => lineOf(messageFrom(message))).join("")
    await spool.add(text)
    yield encode(text)
  }
  counted.push(count)
}

/** 0 keeps everything, and null follows the room. */
function keptDays(channel: Channel, { retention_days }: Source): number | null {
  return (channel.retention_days ?? retention_days) || null
}

function counting(count: Counted, messages: readonly Message[]): Counted {
  const times = messages.flatMap((message) => (message.state === "deleted" ? [] : [message.sent_at]))
  const all = (...known: readonly (number | null)[]) => [...times, ...known.filter((at) => at !== null)]
  return {
    ...count,
    messages: count.messages + times.length,
    deleted: count.deleted + messages.length - times.length,
    first_at: least(all(count.first_at)),
    last_at: least(
      all(count.last_at).map((at) => -at),
      -1,
    ),
  }
}

const least = (times: readonly number[], sign = 1) => (times.length === 0 ? null : sign * Math.min(...times))

async function* filesOf({ source, collected, watch, messages }: Writing) {
  const files = [...collected.files.values()]
  const ofBytes = files.reduce((total, { size }) => total + size, 0)
  const read = createReading(source, collected, watch.signal)
  let done = 0
  let bytes = 0
  const tell = () => {
    const { length } = collected.missing
    watch.onProgress({ channel: "", messages, files: { done, of: files.length, bytes, ofBytes }, missing: length })
  }
  async function* watched(file: FileInfo) {
    for await (const chunk of read(file)) {
      bytes += chunk.length
      tell()
      yield chunk
    }
  }
  for (const file of files) {
    tell()
    yield { file, chunks: watched(file) }
    done += 1
  }
  tell()
}

function factsOf({ source, wanted, counted, collected, members }: Writing, parts: Manifest["parts"]) {
  const stored = parts.filter(({ name }) => name.startsWith(fileOf("")))
  const total = (of: (each: Counted) => number) => counted.reduce((all, each) => all + of(each), 0)
  return {
    format: FORMAT,
    room: source.room,
    title: source.title,
    address: source.origin,
    exported_at: 0,
    exported_by: { id: source.me.id, name: source.me.name },
    scope: wanted.scope,
    files: wanted.files ? "included" : "left_out",
    language: wanted.language,
    retention_days: source.retention_days,
    counts: {
      members: members.length,
      channels: counted.length,
      messages: total(({ messages }) => messages),
      deleted: total(({ deleted }) => deleted),
      files: stored.length,
      file_bytes: stored.reduce((all, { bytes }) => all + bytes, 0),
    },
    channels: counted,
    missing_files: collected.missing,
  } as const
}

async function* pageOf(
  { wanted, members, spools, collected }: Writing,
  made: Omit<Manifest, "parts">,
  channels: readonly ChannelRecord[],
) {
  const { page, say, language } = wanted
  const title = say("archive.title", { title: made.title })
  const missing = made.missing_files.map(({ id }) => id)
  yield encode(pageStart(page, { title, language, noScript: say("archive.noScript") }))
  const facts = { words: archiveWords(say), made, members, channels, missing, pages: [...collected.pages] }
  yield encode(dataBlock("facts", facts))
  for (const [index, spool] of spools.entries()) {
    for await (const lines of spool.texts()) yield encode(messagesBlock(index, lines))
  }
  yield encode(pageEnd(page))
}
