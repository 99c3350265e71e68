/** How many whole seconds are left until `until`; 0 when there is nothing to wait for. */
import { useNow } from "../kit/useNow.ts"

export function useWait(until: number | null): number {
  const now = useNow(500, until !== null)
  return until === null ? 0 : Math.max(0, Math.ceil((until - now) / 1000))
}

/** 75 seconds as "1:15". */
export function clockTime(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`
}
