/**
 * One bot check. It works unseen; what it has to ask, and that it did not load, stands in its place. What fails once is tried
 * again without a word.
 */
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

/** Every other attempt is begun by somebody, the ones between by the page. */
const isFirst = (attempt: number) => attempt % 2 === 0
const AGAIN_MS = 1_000

export function Challenge({ name, failed, challenges, place }: ChallengeProps) {
  const t = useWords()
  const container = useRef<HTMLDivElement>(null)
  const [attempt, setAttempt] = useState(0)
  const [hasFailed, setHasFailed] = useState(false)
  const asks = useHeight(container)

  useEffect(() => {
    const spot = document.createElement("div")
    container.current?.append(spot)
    let current = true
    let remove: () => void = () => undefined
    let again: ReturnType<typeof setTimeout> | undefined
    const fail = () => {
      if (!current) return
      if (isFirst(attempt)) again = setTimeout(() => setAttempt(attempt + 1), AGAIN_MS)
      else setHasFailed(true)
    }
    setHasFailed(false)
    place(spot).then(({ ask, dispose }) => {
      if (!current) return dispose()
      const unregister = challenges.register(name, ask)
      remove = () => {
        unregister()
        dispose()
      }
    }, fail)
    return () => {
      current = false
      clearTimeout(again)
      remove()
      spot.remove()
    }
  }, [name, challenges, place, attempt])

  return (
    <div className={asks || hasFailed ? "challenge" : "challenge challenge--quiet"}>
      {hasFailed && <NotLoaded text={t(failed)} onRetry={() => setAttempt(attempt + 1)} />}
      <div ref={container} />
    </div>
  )
}

/** Whether the widget shows something: Turnstile's has no height while it asks nothing. */
function useHeight(place: { readonly current: HTMLElement | null }): boolean {
  const [isHigh, setIsHigh] = useState(false)
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setIsHigh((entry?.contentRect.height ?? 0) > 0))
    if (place.current !== null) observer.observe(place.current)
    return () => observer.disconnect()
  }, [place])
  return isHigh
}
