/** What somebody has begun to write (core/notes.ts), as a field shows it: kept with every change, and shared with other tabs. */
import { useCallback, useEffect, useRef, useState } from "react"
import { useChat } from "../context.ts"

export function useNote(name: string): [string, (value: string) => void] {
  const { notes } = useChat()
  const [value, setValue] = useState(() => notes.get(name))
  const shown = useRef(value)
  const show = useCallback((next: string) => {
    shown.current = next
    setValue(next)
  }, [])
  useEffect(() => notes.watch(name, () => shown.current, show), [notes, name, show])
  const set = useCallback(
    (next: string) => {
      show(next)
      notes.set(name, next)
    },
    [notes, name, show],
  )
  return [value, set]
}

/** What is being made of a text that stands somewhere: as it stands until something is typed, and again when it is forgotten. */
export function useChanged(name: string, stands: string): [string, (value: string) => void, () => void] {
  const [note, setNote] = useNote(name)
  const set = (value: string) => setNote(value === stands ? "" : noted(value))
  return [note === "" ? stands : note.slice(1), set, () => setNote("")]
}

/** An emptied text is a text, too, but an empty note is none. */
export function noted(text: string): string {
  return `=${text}`
}
