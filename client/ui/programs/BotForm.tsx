/** A new bot: what it is called, in which channels it is, what it may do there, and where it is told of mentions. */
import { type FormEvent, useState } from "react"
import { BOT_RIGHTS, type BotRight, type Bots, USUAL_RIGHTS } from "../../core/bots.ts"
import { GENERAL } from "../../core/contract.ts"
import { isEmpty } from "../../core/visible.ts"
import { useWatched, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Field } from "../kit/Field.tsx"
import { FieldError } from "../kit/FieldError.tsx"
import { useRefusalWords } from "../recovery/useRefusalWords.ts"
import { Checks } from "./Checks.tsx"
import { useNewProgram } from "./useNewProgram.ts"
import { useWebhook, type WebhookFlaw } from "./useWebhook.ts"
import { WebhookFields } from "./WebhookFields.tsx"

export function BotForm({ bots, onClose }: { bots: Bots; onClose: () => void }) {
  const t = useWords()
  const refusalWords = useRefusalWords()
  const { opened, channels, longest, name, setName, refusal, setRefusal, busy, make } = useNewProgram(onClose)
  const [chosen, setChosen] = useState<readonly string[]>(
    channels.some(({ id }) => id === opened) ? [opened] : [GENERAL],
  )
  const [rights, setRights] = useState<readonly BotRight[]>(USUAL_RIGHTS)
  const hosts = useWatched(bots.store, (state) => state.hosts)
  const [isTold, setTold] = useState(false)
  const writing = useWebhook(null)
  const [flaw, setFlaw] = useState<WebhookFlaw | null>(null)
  const inSight = chosen.filter((each) => channels.some(({ id }) => id === each))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (busy || isEmpty(name) || inSight.length === 0) return
    const webhook = isTold ? writing.read() : null
    setFlaw(typeof webhook === "string" ? webhook : null)
    if (typeof webhook === "string") return setRefusal(null)
    void make(() => bots.create({ name: name.trim(), channels: inSight, rights, webhook }))
  }
  return (
    <form className="form" noValidate onSubmit={submit}>
      <Field
        label={t("bots.name")}
        value={name}
        onChange={setName}
        required
        focused
        maxLength={longest}
        hint={t("bots.nameHint")}
      />
      <Checks
        label={t("bots.channels")}
        hint={t("bots.channelsHint")}
        options={channels}
        chosen={inSight}
        onChange={setChosen}
      />
      <Checks
        label={t("bots.may")}
        options={BOT_RIGHTS.map((id) => ({ id, name: t(`bots.right.${id}`) }))}
        chosen={rights}
        onChange={setRights}
      />
      {hosts.length > 0 && (
        <label className="check">
          <input type="checkbox" checked={isTold} onChange={() => setTold(!isTold)} />
          <span>{t("bots.isTold")}</span>
        </label>
      )}
      {isTold && <WebhookFields writing={writing} hosts={hosts} flaw={flaw} focused />}
      <FieldError>{refusal !== null && refusalWords(refusal, "bots")}</FieldError>
      <div className="form__buttons">
        <Button onClick={onClose}>{t("cancel")}</Button>
        <Button kind="primary" type="submit" busy={busy} disabled={isEmpty(name) || inSight.length === 0}>
          {t("bots.make")}
        </Button>
      </div>
    </form>
  )
}
