/**
 * Brings what a plan says into the room: channels, then frames of messages, each after its files.
 *
 * All of it may be repeated. Whatever breaks off at any moment leaves whole frames behind, and the next run finds by their ids
 * what is there. So nothing is kept on this side.
 */

import type { FileInfo } from "../files/types.ts"
import { Refused, type Result } from "../requests.ts"
import { fieldsOf, number, object } from "../shape.ts"
import { namesOf, type Ready, sendingOf } from "./bringing.ts"
import { blocksOf, rowsOf } from "./cost.ts"
import { folded } from "./folding.ts"
import { type Frame, framesOf } from "./frames.ts"
import type { Target } from "./places.ts"
import { type Choices, type Plan, type PlannedPlace, readyIn, shownPlace } from "./plan.ts"
import { lessOf } from "./repairing.ts"
import type { Report } from "./report.ts"
import { NotTaken, type Room } from "./room.ts"
import type { Attachment, ImportSource } from "./source.ts"

export interface Progress {
  readonly place: string
  readonly messages: number
  readonly files: number
  readonly fileBytes: number
}

export interface Watch {
  readonly signal: AbortSignal
  readonly report: Report
  onProgress(progress: Progress): void
}

export interface Outcome {
  readonly messages: number
  readonly files: number
  /** Messages that the room has under the same id in another channel. */
  readonly elsewhere: number
  readonly rows: number
  /** Whether everything that could be taken is there. */
  readonly isWhole: boolean
}

/** As much as was asked for is written: the rest another time. */
export class RowsUsed extends Error {
  override readonly name = "RowsUsed"
}

type Taken = Exclude<Target, { do: "refuse" }>
const FILES_AT_ONCE = 3
const counts = object({ added: number, known: number, elsewhere: number, expired: number })

/**
 * @param mostRows stop after about so many written rows; null: never.
 * @throws Stopped, RowsUsed, or what the signal was aborted with.
 */
export async function bring(
  source: ImportSource,
  plan: Plan,
  room: Room,
  choices: Pick<Choices, "files" | "expired">,
  mostRows: number | null,
  watch: Watch,
): Promise<Outcome> {
  const done = { messages: 0, files: 0, elsewhere: 0, fileBytes: 0, rows: 0 }
  let isWhole = true

  const bringFrame = async (frame: Frame, channel: string, place: string) => {
    if (mostRows !== null && done.rows >= mostRows) throw new RowsUsed()
    const uploaded: FileInfo[] = []
    try {
      const filled = await withFiles(frame, source, room, channel, watch, (info) => uploaded.push(info))
      const { answer, sent } = await send(filled, channel, room, watch.report)
      const told = counts(answer, "counts")
      done.messages += told.added + told.known
      done.elsewhere += told.elsewhere
      done.files += uploaded.length
      done.fileBytes += uploaded.reduce((sum, { size }) => sum + size, 0)
      done.rows += rowsOf({
        messages: told.added,
        frames: 1,
        people: 0,
        channels: 0,
        members: 0,
        files: uploaded.length,
        blocks: uploaded.reduce((sum, { size }) => sum + blocksOf(size), 0),
      })
      if (told.added < frame.ready.length || sent < frame.ready.length) await room.giveUp(uploaded.map(({ id }) => id))
      if (told.elsewhere > 0) watch.report.add({ where: place, why: "elsewhere", detail: String(told.elsewhere) })
      if (told.expired > 0) watch.report.add({ where: place, why: "expired", detail: String(told.expired) })
    } catch (error) {
      await room.giveUp(uploaded.map(({ id }) => id))
      throw error
    }
    watch.onProgress({ place, ...done })
  }

  const bringPlace = async (planned: PlannedPlace, target: Taken) => {
    const { place } = planned
    const channel = await channelFor(target, room)
    const keeps = choices.expired === "keep" && planned.expired > 0 && place.kind !== "direct"
    if (keeps && planned.days > 0) await room.ask({ type: "channel.update", id: channel, retention_days: 0 })
    // Files are uploaded only for channels that take messages.
    const wasArchived = target.do === "use" && target.channel.archived
    const isOpened = wasArchived && planned.files > 0
    if (isOpened) await room.ask({ type: "channel.update", id: channel, archived: false })
    const name = shownPlace(place, plan.mapping)
    const ready = readyIn(source, planned, { mapping: plan.mapping, room, choices, signal: watch.signal }, quiet)
    for await (const frame of framesOf(ready)) {
      watch.signal.throwIfAborted()
      await bringFrame(frame, channel, name)
    }
    if (isOpened || (place.archived && !wasArchived && place.kind !== "direct")) {
      await room.ask({ type: "channel.update", id: channel, archived: true })
    }
  }

  for (const planned of plan.places) {
    const { target } = planned
    if (target.do === "refuse") continue
    try {
      await bringPlace(planned, target)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      watch.report.add({ where: shownPlace(planned.place, plan.mapping), why: error.code, detail: error.detail })
      isWhole = false
    }
  }
  const { fileBytes: _, ...outcome } = done
  return { ...outcome, isWhole }
}

/** The plan has said it all. */
const quiet = { tell: () => undefined, onKnown: () => undefined, onExpired: () => undefined }

/** The id of the channel; one that was made before the line broke is found again. @throws Refused */
async function channelFor(target: Taken, room: Room): Promise<string> {
  if (target.do === "use") return target.channel.id
  for (let wasLost = false; ; wasLost = true) {
    try {
      return idIn(await room.ask(requestFor(target)))
    } catch (error) {
      // A request may go out with the next line before its welcome says that the channel is there.
      const isLost = error instanceof Refused && error.code === "unreachable"
      const isTaken = wasLost && error instanceof Refused && error.code === "name_taken"
      if (!isLost && !isTaken) throw error
      const made = target.do === "make" ? madeBefore(target, room) : undefined
      if (made !== undefined) return made
      if (isTaken) throw error
    }
  }
}

function requestFor(target: Extract<Target, { do: "make" | "converse" }>) {
  if (target.do === "converse") return { type: "direct.open", members: target.members } as const
  const { name, topic, kind, members } = target
  const common = { type: "channel.create", name, ...(topic === "" ? {} : { topic }) } as const
  return kind === "open" ? common : ({ ...common, kind, members, history: "all" } as const)
}

function madeBefore({ name, kind }: Extract<Target, { do: "make" }>, room: Room): string | undefined {
  const { channels, member } = room.here()
  const same = channels.find((each) => each.kind === kind && folded(each.name) === folded(name))
  return same?.created_by === member.id ? same.id : undefined
}

function idIn(result: Result): string {
  if (result.type !== "ack" || result.channel === null) throw new Refused("internal")
  return result.channel
}

// --- one frame ---

/** A frame with the files of its messages, which are with the room by then. */
async function withFiles(
  frame: Frame,
  source: ImportSource,
  room: Room,
  channel: string,
  { signal, report }: Watch,
  onUploaded: (info: FileInfo) => void,
): Promise<Frame> {
  const wanted = frame.ready.flatMap(({ files, said }) => files.map((file) => ({ file, where: said.where })))
  const infos = new Map<Attachment, FileInfo>()
  const take = async ({ file, where }: (typeof wanted)[number]) => {
    const bytes = await source.bytesOf(file)
    if (bytes === null) return report.add({ where, why: "file_missing", detail: file.name })
    try {
      const info = await room.upload(channel, sendingOf(file), bytes)
      infos.set(file, info)
      onUploaded(info)
    } catch (error) {
      if (!(error instanceof NotTaken)) throw error
      report.add({ where, why: error.code, detail: file.name })
    }
  }
  const queue = [...wanted]
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      signal.throwIfAborted()
      await take(next)
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: FILES_AT_ONCE }, work))
  for (const each of ended) if (each.status === "rejected") throw each.reason
  return { ...frame, ready: frame.ready.map((ready) => filled(ready, infos)) }
}

function filled(ready: Ready, infos: ReadonlyMap<Attachment, FileInfo>): Ready {
  const files = ready.files.flatMap((file) => infos.get(file) ?? [])
  if (files.length > 0) return { ...ready, message: { ...ready.message, files } }
  if (ready.files.length === 0 || ready.message.body !== "") return ready
  // All that it had was lost on the way: its names stay.
  const body = namesOf(ready.files)
  return { ...ready, message: { ...ready.message, body } }
}

/** Sends a frame; what the room refuses of it goes without, or alone, and the rest of it is sent again. */
async function send(frame: Frame, channel: string, room: Room, report: Report) {
  let { ready, people } = frame
  for (;;) {
    const messages = ready.map(({ message }) => message)
    const named = [...people].map(([id, name]) => ({ id, name }))
    try {
      const answer = await room.ask({ type: "import", channel, messages, people: named })
      if (answer.type !== "imported") throw new Refused("internal")
      return { answer: fieldsOf(answer.counts, "counts"), sent: ready.length }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      const less = lessOf({ ready, people }, error)
      if (less === null) throw error
      report.add(less.line)
      ready = less.frame.ready
      people = less.frame.people
    }
  }
}
