/** The ALTCHA widget: a small computation instead of a picture riddle, done by this browser for this room. */
import { useEffect, useRef, useState } from "react"
import { useApp } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import type { ChallengeDesk } from "./useChallenges.ts"

export function ProofOfWork({ room, challenges }: { room: string; challenges: ChallengeDesk }) {
  const { t } = useApp()
  const place = useRef<HTMLDivElement>(null)
  const [attempt, setAttempt] = useState(0)
  const [state, setState] = useState<"loading" | "ready" | "failed">("loading")
  const language = t.language

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt loads everything again
  useEffect(() => {
    const container = place.current
    let current = true
    let remove: () => void = () => undefined
    setState("loading")
    import("./altcha.ts")
      .then(async ({ placeAltcha }) => {
        if (!current || container === null) return
        const { ask, dispose } = await placeAltcha(container, room, language)
        const unregister = challenges.register("altcha", ask)
        remove = () => {
          unregister()
          dispose()
        }
        setState("ready")
      })
      .catch(() => current && setState("failed"))
    return () => {
      current = false
      remove()
    }
  }, [room, challenges, language, attempt])

  return (
    <div className="proof-of-work">
      {state === "loading" && <p role="status">{t("challenge.loading")}</p>}
      {state === "failed" && (
        <p role="alert">
          {t("challenge.failed")}{" "}
          <Button kind="quiet" small onClick={() => setAttempt(attempt + 1)}>
            {t("retry")}
          </Button>
        </p>
      )}
      <div ref={place} />
    </div>
  )
}
