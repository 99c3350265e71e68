/**
 * A value that can be watched. Changes within one moment reach the watchers together, so a burst of frames costs one
 * rendering, not one for each.
 */
import type { Clock } from "./ports.ts"

export interface Watched<T> {
  get(): T
  set(next: T): void
  update(change: (value: T) => T): void
  subscribe(listener: () => void): () => void
}

/** Two frames of a 60 Hz display: short enough to feel immediate. */
const MOMENT_MS = 32
/** While changes keep coming a moment grows up to this: nobody reads faster than six pictures a second. */
const LONGEST_MOMENT_MS = 160

export function createWatched<T>(initial: T, clock: Clock): Watched<T> {
  const listeners = new Set<() => void>()
  let value = initial
  let resting = true
  let changed = false

  const tell = (moment = MOMENT_MS) => {
    changed = false
    resting = false
    clock.after(moment, () => {
      resting = true
      if (changed) tell(Math.min(moment * 2, LONGEST_MOMENT_MS))
    })
    for (const listener of [...listeners]) listener()
  }

  const set = (next: T) => {
    if (Object.is(next, value)) return
    value = next
    changed = true
    if (resting) tell()
  }

  return {
    get: () => value,
    set,
    update: (change) => set(change(value)),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
