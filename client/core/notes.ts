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
   * Calls `listener` when another tab, or another part of this page, has changed this note.
   *
   * @param shown gives the text in this tab: if somebody typed there meanwhile, that text stays. Null: every change is told.
   */
  watch(name: string, shown: (() => string) | null, listener: (value: string) => void): () => void
  /** Forgets everything, when the member leaves. */
  clear(): void
}

type Change = (key: string, value: string | null, former: string | null) => void

export function createNotes(shelf: Shelf, keyOf: (name: string) => string): Notes {
  const watchers = new Set<Change>()
  return {
    get: (name) => shelf.get(keyOf(name)) ?? "",
    set: (name, value) => {
      const key = keyOf(name)
      const former = shelf.get(key)
      if (value === "") shelf.remove(key)
      else shelf.set(key, value)
      for (const watcher of [...watchers]) watcher(key, value, former)
    },
    watch: (name, shown, listener) => {
      const onChange: Change = (key, value, former) => {
        // Whoever has made the change shows it already.
        if (key !== keyOf(name)) return
        if (shown === null || (shown() === (former ?? "") && shown() !== (value ?? ""))) listener(value ?? "")
      }
      watchers.add(onChange)
      const stop = shelf.watch(onChange)
      return () => {
        watchers.delete(onChange)
        stop()
      }
    },
    clear: () => shelf.clear(keyOf("")),
  }
}
