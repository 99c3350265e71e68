/**
 * The bot checks that this room asks for. Nothing of them is loaded before somebody starts to fill in the form, and nothing
 * is seen of them unless they have something to say.
 */
import type { RoomFacts } from "../../core/protocol.ts"
import { ProofOfWork } from "./ProofOfWork.tsx"
import { Turnstile } from "./Turnstile.tsx"
import type { ChallengeDesk } from "./useChallenges.ts"

interface ChallengesProps {
  readonly facts: RoomFacts
  readonly active: boolean
  readonly challenges: ChallengeDesk
}

export function Challenges({ facts, active, challenges }: ChallengesProps) {
  if (!active) return null
  return (
    <>
      {facts.challenges.includes("altcha") && <ProofOfWork room={facts.room} challenges={challenges} />}
      {facts.challenges.includes("turnstile") && facts.turnstile_site_key !== null && (
        <Turnstile siteKey={facts.turnstile_site_key} challenges={challenges} />
      )}
    </>
  )
}
