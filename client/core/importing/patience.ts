/** How long a room is waited for that does not take something now: what passes by itself, and what does not. */
import type { Clock } from "../ports.ts"
import { Stopped } from "./room.ts"

/** They pass by themselves. */
const PASSING = ["unreachable", "internal", "rate_limited", "too_many_attempts"]
/** In seconds; the last one again and again. */
const PAUSES = [1, 2, 5, 10, 20, 30, 60]

/** Waits; the longer, the more often it is asked. @throws Stopped if that is too long, or no use. */
export type Patience = (code: string, retryAfter: number | null) => Promise<void>

/** @param most milliseconds in all. */
export function createPatience(clock: Clock, most: number, signal: AbortSignal): Patience {
  const began = clock.now()
  let times = 0
  return async (code, retryAfter) => {
    if (!PASSING.includes(code) || clock.now() - began > most) throw new Stopped(code)
    const pause = PAUSES[Math.min(times++, PAUSES.length - 1)] ?? 1
    await waited(clock, 1000 * Math.max(retryAfter ?? 0, pause), signal)
  }
}

export async function waited(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  await new Promise<void>((resolve) => {
    const end = () => {
      stop()
      signal.removeEventListener("abort", end)
      resolve()
    }
    const stop = clock.after(ms, end)
    signal.addEventListener("abort", end)
  })
  signal.throwIfAborted()
}
