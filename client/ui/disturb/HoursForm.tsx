/** Regular hours: from when, to when, and on which days. */
import { type FormEvent, useState } from "react"
import type { Hours } from "../../core/quiet.ts"
import { useChat, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { FieldError } from "../kit/FieldError.tsx"
import { useRefusalWords } from "../recovery/useRefusalWords.ts"

const DAYS = [1, 2, 3, 4, 5, 6, 7]
const EVENING = 22 * 60
const MORNING = 8 * 60
/** A Monday; the days of its week have the names of all. */
const MONDAY = new Date(2024, 0, 1, 12)

const zoneHere = () => Intl.DateTimeFormat().resolvedOptions().timeZone

export function HoursForm({ hours }: { hours: Hours | null }) {
  const t = useWords()
  const chat = useChat()
  const refusalWords = useRefusalWords()
  const [from, setFrom] = useState(clockOf(hours?.from ?? EVENING))
  const [to, setTo] = useState(clockOf(hours?.to ?? MORNING))
  const [days, setDays] = useState<readonly number[]>(hours?.days ?? DAYS)
  const [trouble, setTrouble] = useState<string | null>(null)
  const zone = zoneHere()
  const put = async (next: Hours | null) => {
    const code = await chat.change({ type: "quiet", hours: next })
    setTrouble(code)
    if (code === null) chat.showNotice("saved")
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const [begin, end] = [minutesOf(from), minutesOf(to)]
    if (begin === null || end === null || days.length === 0) return setTrouble("malformed")
    void put({ from: begin, to: end, days, zone })
  }
  const short = new Intl.DateTimeFormat(t.language, { weekday: "short" })
  const long = new Intl.DateTimeFormat(t.language, { weekday: "long" })
  return (
    <form className="form" aria-label={t("disturb.hours")} noValidate onSubmit={submit}>
      <strong className="disturb__heading">{t("disturb.hours")}</strong>
      <div className="disturb__times">
        <Time label={t("disturb.from")} value={from} onChange={setFrom} />
        <Time label={t("disturb.to")} value={to} onChange={setTo} />
      </div>
      <fieldset className="disturb__days" aria-label={t("disturb.days")}>
        {DAYS.map((day) => {
          const at = MONDAY.getTime() + (day - 1) * 86_400_000
          return (
            <label key={day} className="disturb__day">
              <input
                type="checkbox"
                aria-label={long.format(at)}
                checked={days.includes(day)}
                onChange={({ currentTarget: { checked } }) =>
                  setDays(DAYS.filter((each) => (each === day ? checked : days.includes(each))))
                }
              />
              <span aria-hidden="true">{short.format(at)}</span>
            </label>
          )
        })}
      </fieldset>
      <p className="field__hint">{t("disturb.zone", { zone: (hours?.zone ?? zone).replaceAll("_", " ") })}</p>
      <FieldError>
        {trouble !== null && (trouble === "malformed" ? t("disturb.wrong") : refusalWords(trouble))}
      </FieldError>
      <div className="form__buttons">
        {hours !== null && <Button onClick={() => void put(null)}>{t("disturb.hoursOff")}</Button>}
        <Button kind="primary" type="submit">
          {t(hours === null ? "disturb.hoursOn" : "disturb.save")}
        </Button>
      </div>
    </form>
  )
}

function Time({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <label className="choice">
      <span className="choice__label">{label}</span>
      <input
        className="choice__select"
        type="time"
        value={value}
        required
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </label>
  )
}

const clockOf = (minutes: number) => new Date(minutes * 60_000).toISOString().slice(11, 16)

function minutesOf(clock: string): number | null {
  const [hours = Number.NaN, minutes = Number.NaN] = clock.split(":").map(Number)
  return Number.isNaN(hours + minutes) ? null : hours * 60 + minutes
}
