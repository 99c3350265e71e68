/** Cloudflare's Turnstile, where the operator turned it on. Its script may fail to load: then there is a way to retry. */
import { useEffect, useRef, useState } from "react"
import { useApp } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { loadTurnstile } from "./turnstile.ts"
import type { ChallengeDesk } from "./useChallenges.ts"

export function Turnstile({ siteKey, challenges }: { siteKey: string; challenges: ChallengeDesk }) {
  const { t, theme } = useApp()
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
    loadTurnstile()
      .then((turnstile) => {
        if (!current || container === null) return
        const look = theme === "system" ? "auto" : theme
        const widget = turnstile.place(container, { siteKey, theme: look, language })
        const unregister = challenges.register("turnstile", widget.ask)
        remove = () => {
          unregister()
          widget.dispose()
        }
        setState("ready")
      })
      .catch(() => current && setState("failed"))
    return () => {
      current = false
      remove()
    }
  }, [siteKey, challenges, theme, language, attempt])

  return (
    <div className="turnstile">
      {state === "loading" && <p role="status">{t("challenge.loading")}</p>}
      {state === "failed" && (
        <p role="alert">
          {t("challenge.turnstileFailed")}{" "}
          <Button kind="quiet" small onClick={() => setAttempt(attempt + 1)}>
            {t("retry")}
          </Button>
        </p>
      )}
      <div ref={place} />
    </div>
  )
}
