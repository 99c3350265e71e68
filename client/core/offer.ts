/**
 * When a member who is not secured is shown what secures their name: at the first sign-in, again after a week, again after a
 * month, and never more in this browser.
 */
import { flag, number, object, type Shaped } from "./shape.ts"

/** It stands among the alerts, and is one that this browser makes by itself. */
export const OFFER = "offer"

const DAY_MS = 86_400_000
/** How long after one time the next one is due. */
const WAITS_MS = [7 * DAY_MS, 30 * DAY_MS]
/** Who neither takes it up nor puts it off sees it for so long. */
const SHOWN_MS = DAY_MS

const offered = object({ times: number, at: number, later: flag })
/** How often it was shown, since when the last time, and whether it was put off. */
export type Offered = Shaped<typeof offered>

/** Under which key it is kept; by name, so that signing out does not begin it anew. */
export function offeredKey(room: string, name: string): string {
  return `${room}:offered:${name}`
}

/** What is to be kept when it is shown now; null: it is not to be shown. */
export function offerAt(now: number, kept: string | null): Offered | null {
  const last = offeredFrom(kept)
  if (last === null) return { times: 1, at: now, later: false }
  const since = now - last.at
  if (!last.later && since < SHOWN_MS) return last
  const wait = WAITS_MS[last.times - 1]
  return wait !== undefined && since >= wait ? { times: last.times + 1, at: now, later: false } : null
}

/** What is to be kept when it is put off. */
export function putOff(now: number, kept: string | null): Offered {
  return { ...(offeredFrom(kept) ?? { times: 1, at: now }), later: true }
}

function offeredFrom(kept: string | null): Offered | null {
  try {
    return offered(JSON.parse(kept ?? "null"), "offered")
  } catch {
    return null
  }
}
