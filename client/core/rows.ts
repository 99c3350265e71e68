/** A timeline as it is shown: what is grouped under one name, where a day begins, where the news begin. */
import type { Outgoing } from "./ports.ts"
import type { Message } from "./protocol.ts"
import type { Timeline } from "./timeline.ts"

export type Row =
  | {
      readonly kind: "message"
      readonly key: string
      readonly message: Message
      /** The first of a run of messages by one author. */
      readonly leads: boolean
      /** The time of the day that begins here. */
      readonly day: number | null
      readonly isNew: boolean
    }
  | { readonly kind: "outgoing"; readonly key: string; readonly message: Outgoing; readonly leads: boolean }

/** Messages of one author closer than this stand under one name. */
const RUN_MS = 5 * 60_000

export interface RowsInput {
  readonly timeline: Timeline
  readonly outgoing: readonly Outgoing[]
  readonly channel: string
  readonly me: string
  readonly divider: number | undefined
  readonly removing: ReadonlySet<string>
}

export function rowsOf({ timeline, outgoing, channel, me, divider, removing }: RowsInput): readonly Row[] {
  const rows: Row[] = []
  let previous: Message | null = null
  let today = ""
  for (const message of timeline.messages) {
    if (removing.has(message.id)) continue
    // Where the line stands is known only if what was read last, or the beginning, is in the run.
    const before = previous === null ? (timeline.older ? Number.POSITIVE_INFINITY : 0) : previous.seq
    const isNew = divider !== undefined && message.seq > divider && before <= divider
    // When a deleted message was sent is not known any more.
    const date = message.state === "deleted" ? today : dayOf(message.sent_at)
    const day = date === today ? null : timeOf(message)
    today = date
    const leads = day !== null || isNew || !continues(previous, message)
    rows.push({ kind: "message", key: message.id, message, leads, day, isNew })
    previous = message
  }
  if (timeline.newer) return rows
  const stored = new Set(timeline.messages.slice(-200).map(({ id }) => id))
  let run = previous?.state === "said" && previous.author === me
  for (const message of outgoing) {
    if (message.channel !== channel || stored.has(message.id)) continue
    rows.push({ kind: "outgoing", key: message.id, message, leads: !run || message.reply_to !== undefined })
    run = true
  }
  return rows
}

function continues(previous: Message | null, message: Message): boolean {
  if (previous === null || previous.state === "deleted" || message.state === "deleted") return false
  if (message.state === "said" && message.reply_to !== null) return false
  return previous.author === message.author && message.sent_at - previous.sent_at < RUN_MS
}

export function timeOf(message: Message): number {
  return message.state === "deleted" ? message.deleted_at : message.sent_at
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
