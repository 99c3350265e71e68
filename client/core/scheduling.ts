/** Messages that are sent later: what can be proposed, and what the room keeps of them. */
import type { Chat } from "./chat.ts"
import { startOfDate } from "./jumping.ts"
import { asSent } from "./markdown.ts"
import { mentionsIn } from "./mentions.ts"
import { Refused } from "./requests.ts"
import { peopleIn } from "./room.ts"
import { number, object, orElse, orNull, type Shaped, text } from "./shape.ts"
import { withSmileys } from "./smileys.ts"
import type { ReplyTarget } from "./speaking.ts"

const HOUR_MS = 3_600_000
const MORNING = 9
const MONDAY = 1

const shape = object({
  id: text,
  channel: text,
  /** Null: it was damaged in storage. */
  body: orNull(text),
  at: number,
  /** Why it could not be sent; empty: it waits. */
  failed: orElse(text, ""),
})
export type Scheduled = Shaped<typeof shape>

/** The member's scheduled messages, the first to be sent first; null: they could not be had. */
export async function fetchScheduled(chat: Pick<Chat, "ask">): Promise<readonly Scheduled[] | null> {
  const answer = await chat.ask({ type: "scheduled" })
  if (answer instanceof Refused || answer.type !== "scheduled") return null
  return answer.messages.map((each, index) => shape(each, `scheduled[${index}]`))
}

/** In an hour, tomorrow morning, Monday morning, in the time of this device. */
export function proposals(now: number): readonly number[] {
  const morning = (days: number) => {
    const day = new Date(now)
    day.setDate(day.getDate() + days)
    return day.setHours(MORNING, 0, 0, 0)
  }
  const toMonday = (MONDAY - new Date(now).getDay() + 7) % 7 || 7
  return [now + HOUR_MS, ...new Set([morning(1), morning(toMonday)])]
}

/** The time that fields for a date and a time name, on this device; null: they name none. */
export function momentOf(date: string, time: string): number | null {
  const day = startOfDate(date)
  const [, hours, minutes] = /^(\d\d):(\d\d)/.exec(time) ?? []
  return day === null || hours === undefined ? null : new Date(day).setHours(Number(hours), Number(minutes), 0, 0)
}

/** A time as a field for it wants it. */
export function timeOf(at: number): string {
  return new Date(at).toTimeString().slice(0, 5)
}

type Writing = Pick<Chat, "change" | "notes" | "store">

function written(chat: Writing, channel: string, source: string) {
  const body = withSmileys(asSent(source))
  return { body, mentions: mentionsIn(body, peopleIn(chat.store.get().room, channel)) }
}

/**
 * Schedules what is written in a channel, which is then written there no more.
 *
 * @param again it was asked before, without an answer: what was kept by then may have had another time.
 * @returns the code of the refusal, or null.
 */
export async function scheduleDraft(
  chat: Writing,
  id: string,
  channel: string,
  replyTo: ReplyTarget | null,
  at: number,
  again: boolean,
): Promise<string | null> {
  const draft = chat.notes.get(`draft:${channel}`)
  const said = written(chat, channel, draft)
  const reply = replyTo === null ? {} : { reply_to: replyTo.id }
  const refusal =
    (await chat.change({ type: "schedule", id, channel, at, ...said, ...reply })) ??
    (again ? await chat.change({ type: "schedule.update", id, at, ...said }) : null)
  if (refusal !== null) return refusal
  // Another tab may have gone on writing.
  if (chat.notes.get(`draft:${channel}`) === draft) {
    chat.notes.set(`draft:${channel}`, "")
    chat.notes.set(`reply:${channel}`, "")
  }
  return null
}

/** Gives a scheduled message another text and time; returns the code of the refusal, or null. */
export function changeScheduled(chat: Writing, { id, channel }: Scheduled, source: string, at: number) {
  return chat.change({ type: "schedule.update", id, at, ...written(chat, channel, source) })
}
