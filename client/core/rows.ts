/** A timeline as it is shown: what is grouped under one name, where a day begins, where the news begin. */
import type { Removal } from "./hub.ts"
import type { Outgoing } from "./ports.ts"
import type { Message } from "./protocol.ts"
import { type Timeline, withoutText } from "./timeline.ts"

interface RowBase {
  readonly key: string
  /** The first of a run of messages by one author. */
  readonly leads: boolean
  /** The time of the day that begins here. */
  readonly day: number | null
}

export interface MessageRow extends RowBase {
  readonly kind: "message"
  readonly message: Message
  readonly isNew: boolean
  /** The last one that was there when the member joined. */
  readonly joined: boolean
  /** Will be deleted, but somebody may still undo it. */
  readonly undoable: boolean
}

export interface OutgoingRow extends RowBase {
  readonly kind: "outgoing"
  readonly message: Outgoing
}

export type Row = MessageRow | OutgoingRow

/** Messages of one author closer than this stand under one name. */
const RUN_MS = 5 * 60_000

export interface RowsInput {
  readonly timeline: Timeline
  readonly outgoing: readonly Outgoing[]
  readonly channel: string
  readonly me: string
  readonly divider: number | undefined
  /** What was said up to here was there when the member joined. */
  readonly joined_seq: number
  /** Messages that go, and how far that has come. */
  readonly removing: ReadonlyMap<string, Removal>
}

/** Decides the name and day above a message. */
interface Written {
  readonly author: string
  readonly sent_at: number
  readonly answers: boolean
}

export function rowsOf({ timeline, outgoing, channel, me, divider, joined_seq, removing }: RowsInput): readonly Row[] {
  const rows: Row[] = []
  let previous: Written | null = null
  const { messages } = timeline
  // An old piece may end before it.
  const arrival = timeline.newer || messages.findLast(({ seq }) => seq <= joined_seq)?.seq
  let before = timeline.older ? Number.POSITIVE_INFINITY : 0
  let today = ""
  const dayAt = (written: Written | null): number | null => {
    // When a deleted message was sent may not be known any more.
    const date = written === null ? today : dayOf(written.sent_at)
    const begins = date === today ? null : (written?.sent_at ?? null)
    today = date
    return begins
  }
  for (const stored of messages) {
    const leaves = removing.has(stored.id) && stored.state !== "deleted"
    const message = leaves ? withoutText(stored, stored.sent_at) : stored
    // Where the line stands is known only if what was read last, or the beginning, is in the run.
    const isNew = divider !== undefined && message.seq > divider && before <= divider
    const written = writtenOf(message)
    const day = dayAt(written)
    const leads = day !== null || isNew || before === arrival || !continues(previous, written)
    rows.push({
      kind: "message",
      key: message.id,
      message,
      leads,
      day,
      isNew,
      joined: message.seq === arrival,
      undoable: removing.get(stored.id) === "undoable",
    })
    previous = written
    before = message.seq
  }
  if (timeline.newer) return rows
  const stored = new Set(messages.slice(-200).map(({ id }) => id))
  for (const message of outgoing) {
    if (message.channel !== channel || stored.has(message.id)) continue
    // As it will stand when it is stored, so that nothing moves then.
    const written = { author: me, sent_at: message.created_at, answers: message.reply_to !== undefined }
    const day = dayAt(written)
    rows.push({ kind: "outgoing", key: message.id, message, day, leads: day !== null || !continues(previous, written) })
    previous = written
  }
  return rows
}

function writtenOf(message: Message): Written | null {
  if (message.state === "deleted") return message.former === undefined ? null : { ...message.former, answers: false }
  const { author, sent_at } = message
  if (message.state !== "said") return { author, sent_at, answers: false }
  // A bot may speak for several: each stands under its own name.
  return { author: author + (message.shown_as["name"] ?? ""), sent_at, answers: message.reply_to !== null }
}

function continues(previous: Written | null, written: Written | null): boolean {
  if (previous === null || written === null || written.answers) return false
  return previous.author === written.author && written.sent_at - previous.sent_at < RUN_MS
}

export function timeOf(message: Message): number {
  return message.state === "deleted" ? (message.former?.sent_at ?? message.deleted_at) : message.sent_at
}

const days = new Map<number, string>()
const QUARTER_MS = 15 * 60_000

/** The local calendar day; zones differ by quarters of an hour, so one answer serves each quarter. */
function dayOf(time: number): string {
  const quarter = Math.floor(time / QUARTER_MS)
  let day = days.get(quarter)
  if (day === undefined) {
    day = new Date(quarter * QUARTER_MS).toDateString()
    days.set(quarter, day)
  }
  return day
}
