/** Since when somebody is a member, when they were seen last, and what an admin may change of their role: only for whoever opens their card. */
import type { Chat } from "./chat.ts"
import { Refused } from "./requests.ts"
import { flag, object, orElse, orNull, type Shaped, text } from "./shape.ts"

const shape = object({
  joined_on: orNull(text),
  seen_on: orNull(text),
  recently: orElse(flag, false),
  gone_on: orNull(text),
})
/** "2026-03-03", as it was in UTC. */
export type PersonDays = Shaped<typeof shape>

export interface Person {
  readonly days: PersonDays
  /** Whether an admin made them one, which admins may take back; null: only admins are told. */
  readonly made_admin: boolean | null
}

/** What is known of a member; null: it could not be had. */
export async function fetchPerson(chat: Pick<Chat, "ask">, id: string): Promise<Person | null> {
  const answer = await chat.ask({ type: "person", id })
  if (answer instanceof Refused || answer.type !== "person") return null
  return { days: shape(answer.days, "person"), made_admin: answer.made_admin }
}

/** A time within the day, for whoever reads it: noon there. */
export function timeOn(day: string): number {
  return new Date(`${day}T12:00`).getTime()
}

/** A month ago people still count in days. */
const COUNTED_DAYS = 30

/** How somebody's last visit is said: recently, today, so many days ago (as a time), or on a date (as a time). */
export type Visit = "recently" | "today" | { readonly ago: number } | { readonly on: number }

export function visitOf(days: PersonDays, now: number): Visit | null {
  if (days.recently) return "recently"
  if (days.seen_on === null) return null
  const seen = timeOn(days.seen_on)
  const back = Math.round((new Date(now).setHours(12, 0, 0, 0) - seen) / 86_400_000)
  // Where it is another day than in UTC.
  if (back <= 0) return "today"
  return back <= COUNTED_DAYS ? { ago: now - back * 86_400_000 } : { on: seen }
}
