/** A day as the server says it, "2026-11-29", in words. It is one of UTC, and so is the one that counts as today. */
import { useChat, useWords } from "../context.ts"

export function useDay() {
  const t = useWords()
  const today = new Date(useChat().clock.now()).toISOString().slice(0, 10)
  return (day: string) => t.day(timeOf(day), timeOf(today))
}

function timeOf(day: string): number {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number)
  return new Date(year, month - 1, date).getTime()
}
