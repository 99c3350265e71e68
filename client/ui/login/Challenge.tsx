/** One bot check: its widget takes a while to load and may fail to, and then there is a way to retry. */
import { useEffect, useRef, useState } from "react"
import type { ChallengeName } from "../../core/door.ts"
import type { TextKey } from "../../i18n/translate.ts"
import { useWords } from "../context.ts"
import { NotLoaded } from "../kit/NotLoaded.tsx"
import type { ChallengeDesk } from "./useChallenges.ts"

export interface Widget {
  ask(fresh: boolean): Promise<string>
  dispose(): void
}

interface ChallengeProps {
  readonly name: ChallengeName
  readonly failed: TextKey
  readonly challenges: ChallengeDesk
  /** Puts the widget on the page; another function makes another widget. */
  readonly place: (container: HTMLElement) => Promise<Widget>
}

export function Challenge({ name, failed, challenges, place }: ChallengeProps) {
  const t = useWords()
  const container = useRef<HTMLDivElement>(null)
  const [attempt, setAttempt] = useState(0)
  const [state, setState] = useState<"loading" | "ready" | "failed">("loading")

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt loads everything again
  useEffect(() => {
    const spot = document.createElement("div")
    container.current?.append(spot)
    let current = true
    let remove: () => void = () => undefined
    setState("loading")
    place(spot)
      .then(({ ask, dispose }) => {
        if (!current) return dispose()
        const unregister = challenges.register(name, ask)
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
      spot.remove()
    }
  }, [name, challenges, place, attempt])

  return (
    <div className={`challenge challenge--${name}`}>
      {state === "loading" && <p role="status">{t("challenge.loading")}</p>}
      {state === "failed" && <NotLoaded text={t(failed)} onRetry={() => setAttempt(attempt + 1)} />}
      <div ref={container} />
    </div>
  )
}
