/**
 * What an import will do, before it does anything: who is who, which channel goes where, how much there is and what it costs.
 *
 * It reads all of the source and asks the room, but changes nothing there. The import itself goes through the same messages in
 * the same way (`readyIn`), so what was said before is what happens.
 */

import { sealedBytes } from "../files/layout.ts"
import { number, object, type Shaped } from "../shape.ts"
import { type Ready, readyFrom, readyGone } from "./bringing.ts"
import { type Amount, blocksOf, rowsOf } from "./cost.ts"
import { fits, framesOf } from "./frames.ts"
import { type Mapping, mapPeople, type Overrides } from "./mapping.ts"
import { shownPart } from "./naming.ts"
import { chooseTargets, type Target, type Wanted } from "./places.ts"
import type { Line, Report } from "./report.ts"
import type { Here, Room } from "./room.ts"
import type { Attachment, Gone, ImportSource, Place, Said, Skipped } from "./source.ts"
import { pagesOf } from "./stored.ts"

export interface PlannedPlace {
  readonly place: Place
  readonly target: Target
  /** To be brought now, and how many of them were deleted there; those that are here already; those that retention would delete. */
  readonly messages: number
  readonly deleted: number
  readonly known: number
  readonly expired: number
  readonly files: number
  readonly fileBytes: number
  /** The ids of what is here already. */
  readonly stored: ReadonlySet<string>
  /** After how many days the channel deletes messages; 0 keeps them. */
  readonly days: number
}

export interface Plan {
  readonly mapping: Mapping
  readonly places: readonly PlannedPlace[]
  readonly amount: Amount
  readonly rows: number
  readonly fileBytes: number
  /** How many sealed bytes the room still takes, and how many files. */
  readonly room: Space
  readonly expired: number
}

export interface Choices extends Wanted {
  readonly people: Overrides
  readonly files: boolean
  /** What is done with messages that retention would delete. */
  readonly expired: "keep" | "leave"
}

export const space = object({ count: number, bytes: number, room_file_bytes: number })
export type Space = Pick<Shaped<typeof space>, "count" | "bytes" | "room_file_bytes">

export interface PlanWatch {
  readonly signal: AbortSignal
  readonly report: Report
  /** @param place as it is called. */
  onRead(place: string, messages: number): void
}

const DAY_MS = 86_400_000

export async function planFor(
  source: ImportSource,
  room: Room,
  choices: Choices,
  space: Space,
  watch: PlanWatch,
): Promise<Plan> {
  for (const skipped of source.skipped) watch.report.add(skipped)
  const mapping = await mapPeople(source, room.here(), choices.people, room.subtle)
  const targets = await chooseTargets(source.places, mapping, room, choices)
  const places: PlannedPlace[] = []
  const amount = { messages: 0, frames: 0, people: 0, channels: 0, members: 0, files: 0, blocks: 0 }
  const people = new Set<string>()
  for (const [place, target] of targets) {
    if (target.do === "refuse") watch.report.add({ where: shownPlace(place, mapping), why: target.why })
    const planned = await planPlace(
      source,
      place,
      target,
      { room, mapping, choices, watch },
      (frame) => {
        amount.frames++
        for (const id of frame.people.keys()) people.add(id)
      },
      (file) => {
        amount.blocks += blocksOf(file.size)
      },
    )
    amount.messages += planned.messages
    amount.files += planned.files
    if (target.do === "make" || target.do === "converse") {
      amount.channels += 1 + Number(place.archived)
      amount.members += target.members.length + 1
    }
    places.push(planned)
  }
  amount.people = mapping.all.filter(({ id, as }) => as === "new" && people.has(id)).length
  const sum = (of: (planned: PlannedPlace) => number) => places.reduce((total, each) => total + of(each), 0)
  return {
    mapping,
    places,
    amount,
    rows: rowsOf(amount),
    fileBytes: sum(({ fileBytes }) => fileBytes),
    room: space,
    expired: sum(({ expired }) => expired),
  }
}

interface Context {
  readonly room: Room
  readonly mapping: Mapping
  readonly choices: Choices
  readonly watch: PlanWatch
}

async function planPlace(
  source: ImportSource,
  place: Place,
  target: Target,
  { room, mapping, choices, watch }: Context,
  onFrame: (frame: { readonly people: ReadonlyMap<string, string> }) => void,
  onFile: (file: Attachment) => void,
): Promise<PlannedPlace> {
  const counts = { messages: 0, deleted: 0, known: 0, expired: 0, files: 0, fileBytes: 0 }
  const days = daysOf(target, room.here())
  if (target.do === "refuse") return { place, target, ...counts, stored: new Set(), days }
  const isThere = target.do === "use" && target.channel.last_seq > 0
  const stored = new Set<string>()
  if (isThere)
    for await (const page of pagesOf(room, target.channel.id, watch.signal)) for (const id of page) stored.add(id)
  const planned = { place, target, stored, days }
  const ready = readyIn(
    source,
    planned,
    { mapping, room, choices, signal: watch.signal },
    {
      tell: watch.report.add,
      onKnown: () => void counts.known++,
      onExpired: () => void counts.expired++,
    },
  )
  const name = shownPlace(place, mapping)
  const counted = async function* () {
    for await (const each of ready) {
      counts.messages++
      if ("deletedAt" in each.said) counts.deleted++
      for (const file of each.files) {
        counts.files++
        counts.fileBytes += sealedBytes(file.size)
        onFile(file)
      }
      watch.onRead(name, counts.messages)
      yield each
    }
  }
  for await (const frame of framesOf(counted())) onFrame(frame)
  return { ...planned, ...counts }
}

/** After how many days a channel deletes messages; what is made follows the room. */
function daysOf(target: Target, { retention_days }: Here): number {
  const own = target.do === "use" ? target.channel.retention_days : null
  return own ?? retention_days ?? 0
}

/** As it is called in the plan and the report: a conversation by its people. Ids in the file may be anything, also orders to a terminal. */
export function shownPlace({ kind, name, key, people }: Place, { all }: Mapping): string {
  if (kind !== "direct") return `# ${name}`
  const names = people.map((person) => all.find((each) => each.key === person)?.name ?? person).toSorted()
  return `@ ${shownPart(names.slice(0, MOST_NAMED).join(", ") || name || key)}${names.length > MOST_NAMED ? ", …" : ""}`
}

const MOST_NAMED = 5

export interface Hearing {
  tell(line: Line): void
  onKnown(): void
  onExpired(): void
}

export interface Reading {
  readonly mapping: Mapping
  readonly room: Room
  readonly choices: Pick<Choices, "files" | "expired">
  readonly signal: AbortSignal
}

/** The messages of a place that are to be brought, in their order. */
export async function* readyIn(
  source: ImportSource,
  { place, target, stored, days }: Pick<PlannedPlace, "place" | "target" | "stored" | "days">,
  { mapping, room, choices, signal }: Reading,
  { tell, onKnown, onExpired }: Hearing,
): AsyncGenerator<Ready, void> {
  const now = room.now()
  const { limits } = room.here()
  const oldest = days === 0 ? 0 : now - days * DAY_MS
  // A conversation's retention is the room's, whoever asks.
  const mayKeep = choices.expired === "keep" && place.kind !== "direct" && target.do !== "converse"
  const whole = (said: Said) => {
    const attached = choices.files ? attachedTo(said, limits.file_bytes, tell) : []
    return readyFrom(said, attached, mapping, now, tell)
  }
  for await (const said of source.said(place)) {
    signal.throwIfAborted()
    if (isSkipped(said)) {
      tell(said)
      continue
    }
    if (stored.has(said.id.toLowerCase())) {
      onKnown()
      continue
    }
    if (said.sentAt < oldest) {
      onExpired()
      if (!mayKeep) continue
    }
    const ready = await ("deletedAt" in said ? readyGone(said, now, tell) : whole(said))
    if (ready === null) continue
    const lean = fits(ready) ? ready : withoutReactions(ready, tell)
    if (fits(lean)) yield lean
    else tell({ where: said.where, why: "too_long" })
  }
}

const isSkipped = (each: Said | Gone | Skipped): each is Skipped => "why" in each

function withoutReactions(ready: Ready, tell: Hearing["tell"]): Ready {
  const { reactions: _, ...message } = ready.message
  tell({ where: ready.said.where, why: "too_many" })
  return { ...ready, message }
}

/** The files of a message that can be taken. */
function attachedTo({ files, where }: Said, most: number, tell: Hearing["tell"]): readonly Attachment[] {
  for (const { size, name } of files) {
    if (size > most) tell({ where, why: most === 0 ? "files_off" : "file_too_large", detail: name })
  }
  return files.filter(({ size }) => size <= most)
}
