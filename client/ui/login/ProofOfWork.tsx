/** The ALTCHA widget: a small computation instead of a picture riddle, done by this browser for this room. */
import { useCallback } from "react"
import { useWords } from "../context.ts"
import { Challenge } from "./Challenge.tsx"
import type { ChallengeDesk } from "./useChallenges.ts"

export function ProofOfWork({ room, challenges }: { room: string; challenges: ChallengeDesk }) {
  const { language } = useWords()
  const place = useCallback(
    async (container: HTMLElement) => (await import("./altcha.ts")).placeAltcha(container, room, language),
    [room, language],
  )
  return <Challenge name="altcha" failed="challenge.failed" challenges={challenges} place={place} />
}
