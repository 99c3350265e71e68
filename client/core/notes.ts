/**
 * What somebody has begun to write and not sent, of one member in one room: drafts, changed messages, whom they answer.
 *
 * It outlives the page, and the tabs of a browser share it with its changes: the tab that wrote last is right, except
 * where another one was written in at the same time.
 */
import type { Shelf } from "./ports.ts"

export interface Notes {
  /** What is noted; the empty text if nothing is. */
  get(name: string): string
  set(name: string, value: string): void
  /**
   * Calls `listener` when another tab has changed this note.
   *
   * @param shown gives the text in this tab: if somebody typed there meanwhile, that text stays.
   */
  watch(name: string, shown: () => string, listener: (value: string) => void): () => void
  /** Forgets everything, when the member leaves. */
  clear(): void
}

export function createNotes(shelf: Shelf, keyOf: (name: string) => string): Notes {
  return {
    get: (name) => shelf.get(keyOf(name)) ?? "",
    set: (name, value) => (value === "" ? shelf.remove(keyOf(name)) : shelf.set(keyOf(name), value)),
    watch: (name, shown, listener) =>
      shelf.watch((key, value, former) => {
        if (key === keyOf(name) && shown() === (former ?? "")) listener(value ?? "")
      }),
    clear: () => shelf.clear(keyOf("")),
  }
}
