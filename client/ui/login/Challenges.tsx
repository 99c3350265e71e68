/** The bot checks that this room asks for. Nothing of them is loaded before somebody starts to fill in the form. */
import type { RoomFacts } from "../../core/protocol.ts"
import { useWords } from "../context.ts"
import { ProofOfWork } from "./ProofOfWork.tsx"
import { Turnstile } from "./Turnstile.tsx"
import type { ChallengeDesk } from "./useChallenges.ts"

interface ChallengesProps {
  readonly facts: RoomFacts
  readonly active: boolean
  readonly challenges: ChallengeDesk
}

export function Challenges({ facts, active, challenges }: ChallengesProps) {
  const t = useWords()
  if (facts.challenges.length === 0) return null
  // The place is kept from the start, so that the button does not move away from under a finger.
  if (!active) return <p className="challenges challenges--idle">{t("challenge.idle")}</p>
  return (
    <div className="challenges">
      {facts.challenges.includes("altcha") && <ProofOfWork room={facts.room} challenges={challenges} />}
      {facts.challenges.includes("turnstile") && facts.turnstile_site_key !== null && (
        <Turnstile siteKey={facts.turnstile_site_key} challenges={challenges} />
      )}
    </div>
  )
}
