/** For how long, for how many, and what one calls it. */
import { type FormEvent, useState } from "react"
import { useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Choice } from "../kit/Choice.tsx"
import { Field } from "../kit/Field.tsx"
import { useRefusalWords } from "../recovery/useRefusalWords.ts"
import { USUAL, type Wanted } from "./useMaking.ts"

interface InviteFormProps {
  readonly refusal: string | null
  readonly busy: boolean
  readonly onMake: (wanted: Wanted) => void
}

const DAY_HOURS = 24
const HOURS = [1, 8, DAY_HOURS, 3 * DAY_HOURS, 7 * DAY_HOURS, 30 * DAY_HOURS]
const USES = [1, 5, 10, 30, 100, null]
/** src/limits.py */
const MOST_LABEL = 80

export function InviteForm({ refusal, busy, onMake }: InviteFormProps) {
  const t = useWords()
  const refusalWords = useRefusalWords()
  const [hours, setHours] = useState(String(USUAL.hours))
  const [uses, setUses] = useState(String(USUAL.uses))
  const [label, setLabel] = useState("")
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    const named = label.trim() === "" ? {} : { label: label.trim() }
    onMake({ hours: Number(hours), uses: uses === "" ? null : Number(uses), ...named })
  }
  return (
    <form className="form" noValidate onSubmit={submit}>
      <p>{t("invites.text")}</p>
      <div className="invite-form__choices">
        <Choice
          label={t("invites.lasts")}
          value={hours}
          onChange={setHours}
          options={HOURS.map((count) => ({
            id: String(count),
            name: count < DAY_HOURS ? t("invites.hours", { count }) : t("invites.days", { count: count / DAY_HOURS }),
          }))}
        />
        <Choice
          label={t("invites.for")}
          value={uses}
          onChange={setUses}
          options={USES.map((count) => ({
            id: String(count ?? ""),
            name: count === null ? t("invites.anyNumber") : t("invites.people", { count }),
          }))}
        />
      </div>
      <Field
        label={t("invites.label")}
        value={label}
        onChange={setLabel}
        maxLength={MOST_LABEL}
        hint={t("invites.labelHint")}
        error={refusal === null ? null : refusalWords(refusal, "invites")}
      />
      <div className="form__buttons">
        <Button kind="primary" type="submit" busy={busy}>
          {t("invites.make")}
        </Button>
      </div>
    </form>
  )
}
