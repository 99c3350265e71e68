/**
 * How many parts go to the server at the same time: three on a quick line, so that waiting for answers costs nothing, and
 * one on a slow one, so that little is under way when it breaks.
 */
import type { Clock } from "../ports.ts"

const AT_ONCE = 3
/** A line on which a part takes longer than this, if it goes alone, is slow. */
const SLOW_PART_MS = 4000

export type Slots = <T>(work: () => Promise<T>) => Promise<T>

/** Lets work pass in the order in which it asks: one at first, since nothing is known of the line yet. */
export function createSlots(clock: Clock): Slots {
  const waiting: (() => void)[] = []
  let most = 1
  let going = 0

  const letIn = () => {
    for (; going < most; going++) {
      const next = waiting.shift()
      if (next === undefined) return
      next()
    }
  }
  return async (work) => {
    await new Promise<void>((resolve) => {
      waiting.push(resolve)
      letIn()
    })
    const began = clock.now()
    try {
      return await work()
    } finally {
      most = (clock.now() - began) / going > SLOW_PART_MS ? 1 : AT_ONCE
      going--
      letIn()
    }
  }
}
