/** Asks again and again whether an admin has agreed, as long as somebody waits for it. */
import { useEffect } from "react"
import type { Door } from "../../core/door.ts"
import type { ChallengeDesk } from "./useChallenges.ts"

const ASK_EVERY_MS = 8_000

export function useApproval(door: Door, challenges: ChallengeDesk, waiting: boolean): void {
  useEffect(() => {
    if (!waiting) return
    const timer = setInterval(() => void door.confirm(null, challenges.answers), ASK_EVERY_MS)
    return () => clearInterval(timer)
  }, [door, challenges, waiting])
}
