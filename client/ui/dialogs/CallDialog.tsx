/** Asks before a link to a call is posted: everybody in the channel is told of it. */
import { callAddress } from "../../core/calls.ts"
import { useChat, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"

interface CallDialogProps {
  readonly channel: string
  /** The operator's address. */
  readonly url: string
  readonly onClose: () => void
}

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))

export function CallDialog({ channel, url, onClose }: CallDialogProps) {
  const t = useWords()
  const chat = useChat()
  const start = () => {
    const address = callAddress(url, random)
    chat.say(channel, { body: t("call.message", { address }), mentions: [], replyTo: null })
    open(address, "_blank", "noopener,noreferrer")
    onClose()
  }
  return (
    <Dialog title={t("call.title")} onClose={onClose}>
      <div className="form">
        <p>{t("call.text", { host: new URL(url).host })}</p>
        <div className="form__buttons">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button kind="primary" onClick={start}>
            {t("call.start")}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
