/** What somebody says of themselves: until when it is shown, and when that may be. */
import type { Status } from "./protocol.ts"

/** How long a status may be. */
export const ENDS = ["never", "half", "hour", "four", "today", "week"] as const
export type End = (typeof ENDS)[number]

/** Characters of its words, emoji apart (src/limits.py). */
export const STATUS_CHARACTERS = 60

const MINUTE_MS = 60_000

/** What is often said; each has its words in the catalogue (`profile.say.…`). */
export const SAYINGS = [
  { id: "meeting", emoji: "📅", end: "hour" },
  { id: "lunch", emoji: "🍽️", end: "half" },
  { id: "focus", emoji: "🎧", end: "four" },
  { id: "remote", emoji: "🏠", end: "today" },
  { id: "ill", emoji: "🤒", end: "today" },
  { id: "holiday", emoji: "🌴", end: "week" },
] as const satisfies readonly { id: string; emoji: string; end: End }[]

/** When a status ends that is said now; days and weeks end where the reader of the clock lives. */
export function untilOf(end: End, now: number): number | null {
  switch (end) {
    case "never":
      return null
    case "half":
      return now + 30 * MINUTE_MS
    case "hour":
      return now + 60 * MINUTE_MS
    case "four":
      return now + 240 * MINUTE_MS
    case "today":
      return midnightAfter(now, 1)
    case "week":
      // Weeks begin on Monday.
      return midnightAfter(now, 7 - ((new Date(now).getDay() + 6) % 7))
  }
}

function midnightAfter(now: number, days: number): number {
  const day = new Date(now)
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days).getTime()
}

/** The status, unless its time is over. */
export function current(status: Status | null | undefined, now: number): Status | null {
  if (!status || (status.until !== null && status.until <= now)) return null
  return status
}
