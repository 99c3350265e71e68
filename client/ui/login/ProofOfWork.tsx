/** The ALTCHA widget: a small computation instead of a picture riddle, done by this browser for this room, and never seen. */
import { useCallback } from "react"
import { Challenge } from "./Challenge.tsx"
import type { ChallengeDesk } from "./useChallenges.ts"

export function ProofOfWork({ room, challenges }: { room: string; challenges: ChallengeDesk }) {
  const place = useCallback(
    async (container: HTMLElement) => (await import("./altcha.ts")).placeAltcha(container, room),
    [room],
  )
  return <Challenge name="altcha" failed="challenge.failed" challenges={challenges} place={place} />
}
