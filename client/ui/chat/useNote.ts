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
