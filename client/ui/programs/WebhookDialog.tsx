/** Where a bot is told of mentions and of its command: another address, or none any more. */
import { type FormEvent, useState } from "react"
import type { Bots } from "../../core/bots.ts"
import type { Bot, Webhook } from "../../core/programs.ts"
import { useWatched, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { FieldError } from "../kit/FieldError.tsx"
import { useThere } from "../kit/useThere.ts"
import { useRefusalWords } from "../recovery/useRefusalWords.ts"
import { useWebhook, type WebhookFlaw } from "./useWebhook.ts"
import { WebhookFields } from "./WebhookFields.tsx"

export function WebhookDialog({ bots, bot, onClose }: { bots: Bots; bot: Bot; onClose: () => void }) {
  const t = useWords()
  const refusalWords = useRefusalWords()
  const there = useThere()
  const hosts = useWatched(bots.store, (state) => state.hosts)
  const writing = useWebhook(bot.webhook)
  const [flaw, setFlaw] = useState<WebhookFlaw | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const send = async (webhook: Webhook | null) => {
    if (busy) return
    setBusy(true)
    setRefusal(null)
    const code = await bots.tell(bot, webhook)
    if (code === null) return onClose()
    if (!there.current) return
    setBusy(false)
    setRefusal(code)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const webhook = writing.read()
    setFlaw(typeof webhook === "string" ? webhook : null)
    if (typeof webhook !== "string") void send(webhook)
  }
  return (
    <Dialog title={t("bots.webhookTitle", { name: bot.name })} onClose={onClose}>
      <form className="form" noValidate onSubmit={submit}>
        <p>{t("bots.webhookText")}</p>
        <WebhookFields writing={writing} hosts={hosts} flaw={flaw} focused />
        <FieldError>{refusal !== null && refusalWords(refusal, "bots")}</FieldError>
        <div className="form__buttons">
          {bot.webhook !== null && (
            <Button kind="danger" busy={busy} onClick={() => void send(null)}>
              {t("bots.webhookOff")}
            </Button>
          )}
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button kind="primary" type="submit" busy={busy}>
            {t("save")}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
