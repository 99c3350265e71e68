/** Silence for a while from now, and regular hours: on all devices of the member. */
import { useState } from "react"
import { useChat, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { FieldError } from "../kit/FieldError.tsx"
import { useRefusalWords } from "../recovery/useRefusalWords.ts"
import { HoursForm } from "./HoursForm.tsx"
import { endWords, useQuiet } from "./useQuiet.ts"

const MINUTE_MS = 60_000
/** At which the day begins for those who say "until tomorrow". */
const MORNING = 8

const WHILES = ["half", "two", "tomorrow"] as const

export function Quieting() {
  const t = useWords()
  const chat = useChat()
  const refusalWords = useRefusalWords()
  const { quiet, end } = useQuiet()
  const [trouble, setTrouble] = useState<string | null>(null)
  const now = chat.clock.now()
  const begin = async (minutes: number) => setTrouble(await chat.change({ type: "quiet", minutes }))
  return (
    <div className="disturb">
      <p aria-live="polite">{end === null ? t("disturb.off") : t("disturb.until", { when: endWords(t, end, now) })}</p>
      <fieldset className="disturb__whiles" aria-label={t("disturb.now")}>
        {WHILES.map((id) => (
          <Button key={id} onClick={() => void begin(minutesOf(id, now))}>
            {t(`disturb.${id}`)}
          </Button>
        ))}
        {(quiet?.until ?? 0) > now && <Button onClick={() => void begin(0)}>{t("disturb.end")}</Button>}
      </fieldset>
      <FieldError>{trouble !== null && refusalWords(trouble)}</FieldError>
      {/* What another device has chosen takes the place of what is not saved here. */}
      <HoursForm key={JSON.stringify(quiet?.hours)} hours={quiet?.hours ?? null} />
      <p className="field__hint">{t("disturb.hint")}</p>
    </div>
  )
}

function minutesOf(id: (typeof WHILES)[number], now: number): number {
  if (id === "half") return 30
  if (id === "two") return 120
  const day = new Date(now)
  const morning = new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1, MORNING)
  return Math.ceil((morning.getTime() - now) / MINUTE_MS)
}
