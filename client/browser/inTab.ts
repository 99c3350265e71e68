/** Whether this device makes a sound, and shows notices, while the chat is open in a tab. Both are on until somebody turns them off. */
import type { Shelf } from "../core/ports.ts"

export type Means = "sound" | "notices"
export const MEANS: readonly Means[] = ["sound", "notices"]

const OFF = "off"

export function isOn(shelf: Shelf, means: Means): boolean {
  return shelf.get(means) !== OFF
}

/** Whether an open tab shows notices: nobody has turned them off, and the browser permits them. */
export function showsNotices(shelf: Shelf): boolean {
  return isOn(shelf, "notices") && globalThis.Notification?.permission === "granted"
}

export function turn(shelf: Shelf, means: Means, on: boolean): void {
  if (on) shelf.remove(means)
  else shelf.set(means, OFF)
}
