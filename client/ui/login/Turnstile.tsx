/** Cloudflare's Turnstile, where the operator turned it on. */
import { useCallback } from "react"
import { useApp } from "../context.ts"
import { Challenge } from "./Challenge.tsx"
import { loadTurnstile } from "./turnstile.ts"
import type { ChallengeDesk } from "./useChallenges.ts"

export function Turnstile({ siteKey, challenges }: { siteKey: string; challenges: ChallengeDesk }) {
  const { t, theme } = useApp()
  const { language } = t
  const place = useCallback(
    async (container: HTMLElement) =>
      (await loadTurnstile()).place(container, { siteKey, theme: theme === "system" ? "auto" : theme, language }),
    [siteKey, theme, language],
  )
  return <Challenge name="turnstile" failed="challenge.turnstileFailed" challenges={challenges} place={place} />
}
