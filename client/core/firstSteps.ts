/** The first steps of a member in a room. What was done once stays done on this device: a link ends, a message is deleted. */
import type { Shelf } from "./ports.ts"

const STEPS = ["hello", "invite", "notify", "look", "keep"] as const
export type FirstStep = (typeof STEPS)[number]

/** What this device knows to be done, together with what is done now. */
export function stepsDone(shelf: Shelf, key: string, now: readonly FirstStep[]): readonly FirstStep[] {
  const kept = (shelf.get(key) ?? "").split(" ")
  return STEPS.filter((step) => now.includes(step) || kept.includes(step))
}

export function keepSteps(shelf: Shelf, key: string, now: readonly FirstStep[]): void {
  const all = stepsDone(shelf, key, now)
  if (all.length > stepsDone(shelf, key, []).length) shelf.set(key, all.join(" "))
}
