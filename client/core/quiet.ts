/**
 * When the member is not to be disturbed: for a while, and at regular hours by the clocks of their time zone.
 *
 * The room decides what is pushed (src/chat/quiet.py); here it is for what an open tab makes of news, and for what is
 * shown. tests/vectors/quiet.json holds both to the same.
 */
import { list, number, object, orNull, type Shaped, text } from "./shape.ts"

const quiet = object({
  until: orNull(number),
  /** Minutes of the day, and days of the week on which they begin; Monday is 1. */
  hours: orNull(object({ from: number, to: number, days: list(number), zone: text })),
})
export type Quiet = Shaped<typeof quiet>
export type Hours = NonNullable<Quiet["hours"]>

const MINUTE_MS = 60_000
const DAY_MINUTES = 24 * 60
/** Each ends before this many have begun: those of a week. */
const MOST_IN_A_ROW = 8

/** What the room says of it; null: never. */
export function quietOf(said: unknown): Quiet | null {
  try {
    return orNull(quiet)(said, "quiet")
  } catch {
    return null
  }
}

/** Whether the member is not to be disturbed now, by what the room says of it: then an open tab keeps still. */
export function isQuiet(said: unknown, now: number): boolean {
  const known = quietOf(said)
  return known !== null && endOf(known, now) !== null
}

/** When it ends, if it is quiet now; null: it is not. */
export function endOf({ until, hours }: Quiet, now: number): number | null {
  let end = until !== null && until > now ? until : null
  for (let times = 0; hours !== null && times < MOST_IN_A_ROW; times++) {
    const next = endOfHours(hours, end ?? now)
    if (next === null) break
    end = next
  }
  return end
}

/** How many minutes a time zone is ahead of UTC; null: this browser does not know it. */
export function offsetOf(zone: string, at: number): number | null {
  try {
    const words = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" }).format(at)
    const [, sign = "", hours = "0", minutes = "0"] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(words) ?? []
    return Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes))
  } catch {
    return null
  }
}

function endOfHours({ from, to, days, zone }: Hours, now: number): number | null {
  const offset = offsetOf(zone, now)
  if (offset === null) return null
  const minutes = Math.floor(now / MINUTE_MS) + offset
  const minute = minutes % DAY_MINUTES
  // 1 January 1970 was a Thursday.
  const dayAt = (day: number) => ((day + 3) % 7) + 1
  const today = days.includes(dayAt(Math.floor(minutes / DAY_MINUTES)))
  const yesterday = days.includes(dayAt(Math.floor(minutes / DAY_MINUTES) - 1))
  const inside =
    from < to ? today && from <= minute && minute < to : (today && minute >= from) || (yesterday && minute < to)
  if (!inside) return null
  const left = minute < to ? to - minute : to - minute + DAY_MINUTES
  const end = (Math.floor(now / MINUTE_MS) + left) * MINUTE_MS
  // The clocks may be changed before.
  return end + (offset - (offsetOf(zone, end) ?? offset)) * MINUTE_MS
}
