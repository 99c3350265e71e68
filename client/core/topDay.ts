/** The day that stands at the top of the list while somebody reads further back: what of it is a matter of numbers. */
import type { Row } from "./rows.ts"

/** Where it stands, below the upper edge of the list, and the room it takes; styles/days.css draws it so. */
export const STICKS_PX = 8
export const ROOM_PX = 36
/** How far below the upper edge of its row the words of a day line begin. */
const WORDS_PX = 16

export interface TopDay {
  /** A time of this day. */
  readonly day: number
  /** How far the line of the day after it has pushed it upwards. */
  readonly pushed: number
}

/**
 * Which day stands at the top; null: the line of the first day there is in sight itself.
 *
 * @param first the row at the upper edge.
 * @param topOf how far below this edge a row begins; negative: above it.
 */
export function topDay(rows: readonly Row[], first: number, topOf: (row: number) => number): TopDay | null {
  const words = (row: number) => topOf(row) + WORDS_PX
  const begins = (row: number) => (rows[row]?.day ?? null) !== null
  let at = Math.min(first, rows.length - 1)
  while (at >= 0 && !(begins(at) && words(at) <= STICKS_PX)) at -= 1
  const day = rows[at]?.day ?? null
  if (day === null) return null
  let next = at + 1
  while (next < rows.length && !begins(next) && topOf(next) < ROOM_PX) next += 1
  const room = next < rows.length && begins(next) ? words(next) - STICKS_PX : ROOM_PX
  return { day, pushed: Math.max(0, ROOM_PX - room) }
}
