/** What goes into an export. */
import { type FormEvent, useState } from "react"
import type { Channel } from "../../core/protocol.ts"
import { useChatState, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Choice } from "../kit/Choice.tsx"
import { Field } from "../kit/Field.tsx"
import { FieldError } from "../kit/FieldError.tsx"
import type { Choices } from "./useExport.ts"

const MIN_PASSPHRASE = 8

interface ExportFormProps {
  readonly choices: Choices
  readonly refusal: "failed" | "noSpace" | null
  readonly onChange: (choices: Choices) => void
  readonly onStart: () => void
  readonly onClose: () => void
}

export function ExportForm({ choices, refusal, onChange, onStart, onClose }: ExportFormProps) {
  const t = useWords()
  const [short, setShort] = useState(false)
  const supervises = useChatState(({ room }) => room.supervision && room.me.role === "admin")
  const choose = (part: Partial<Choices>) => onChange({ ...choices, ...part })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const { length } = choices.passphrase
    setShort(length > 0 && length < MIN_PASSPHRASE)
    if (length === 0 || length >= MIN_PASSPHRASE) onStart()
  }
  return (
    <form className="form" noValidate onSubmit={submit}>
      <p className="field__hint">{t("export.intro")}</p>
      <Choice
        label={t("export.scope")}
        value={choices.scope}
        onChange={(scope) => choose({ scope })}
        options={[
          { id: "seen", name: t("export.scope.seen") },
          { id: "open", name: t("export.scope.open") },
        ]}
      />
      {choices.scope === "seen" && (
        <p className="field__hint">{t(supervises ? "export.scope.supervised" : "export.scope.seenHint")}</p>
      )}
      <Choice
        label={t("export.flavour")}
        value={choices.flavour}
        onChange={(flavour) => choose({ flavour })}
        options={[
          { id: "own", name: t("export.flavour.own") },
          { id: "slack", name: t("export.flavour.slack") },
        ]}
      />
      <label className="check">
        <input type="checkbox" checked={choices.files} onChange={() => choose({ files: !choices.files })} />
        <span>{t("export.withFiles")}</span>
      </label>
      <Field
        label={t("export.passphrase")}
        type="password"
        autoComplete="new-password"
        value={choices.passphrase}
        onChange={(passphrase) => choose({ passphrase })}
        hint={t("export.passphraseHint")}
        error={short ? t("export.passphraseShort") : null}
      />
      <Gaps scope={choices.scope} />
      <FieldError>{refusal !== null && t(`export.${refusal}`)}</FieldError>
      <div className="form__buttons">
        <Button onClick={onClose}>{t("cancel")}</Button>
        <Button kind="primary" type="submit">
          {t("export.start")}
        </Button>
      </div>
    </form>
  )
}

/** What the file cannot have, before anybody relies on it. */
function Gaps({ scope }: Pick<Choices, "scope">) {
  const t = useWords()
  const room = useChatState((state) => state.room)
  const channels = Object.values(room.channels).filter(({ kind }) => scope === "seen" || kind === "open")
  const days = ({ retention_days }: Channel) => (retention_days ?? room.retention_days) || null
  const gaps = channels.flatMap((channel) => {
    const kept = days(channel)
    return [
      ...(kept === null ? [] : [t("export.kept", { channel: channel.name, days: kept })]),
      ...(channel.since_seq > 0 ? [t("export.late", { channel: channel.name })] : []),
    ]
  })
  if (gaps.length === 0) return null
  return (
    <details>
      <summary>{t("export.gaps")}</summary>
      <ul>
        {gaps.map((gap) => (
          <li key={gap}>{gap}</li>
        ))}
      </ul>
    </details>
  )
}
