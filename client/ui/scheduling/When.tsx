/** Fields for a date and a time; their words and order are the browser's. */
import { dateOf } from "../../core/jumping.ts"
import { timeOf } from "../../core/scheduling.ts"
import { useWords } from "../context.ts"

interface WhenProps {
  /** What they show at first. */
  readonly at: number
  readonly now: number
}

export function When({ at, now }: WhenProps) {
  const t = useWords()
  return (
    <>
      <input
        type="date"
        name="date"
        required
        min={dateOf(now)}
        defaultValue={dateOf(at)}
        aria-label={t("scheduling.date")}
      />
      <input type="time" name="time" required defaultValue={timeOf(at)} aria-label={t("scheduling.time")} />
    </>
  )
}
