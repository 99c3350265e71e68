/** A day as the server says it, "2026-11-29", in words. */
import { useChat, useWords } from "../context.ts"

export function useDay() {
  const t = useWords()
  const now = useChat().clock.now()
  return (day: string) => {
    const [year = 0, month = 1, date = 1] = day.split("-").map(Number)
    return t.day(new Date(year, month - 1, date).getTime(), now)
  }
}
