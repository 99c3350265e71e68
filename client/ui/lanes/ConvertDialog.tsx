/** An open channel goes on as a private one, or a private one as an open one: with a word about what that cannot change. */
import type { Channel } from "../../core/protocol.ts"
import { Refused } from "../../core/requests.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { ConfirmDialog } from "../dialogs/ConfirmDialog.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { SecureStep } from "./SecureStep.tsx"

interface ConvertDialogProps {
  readonly channel: Channel
  readonly onBack: () => void
  readonly onClose: () => void
}

export function ConvertDialog({ channel, onBack, onClose }: ConvertDialogProps) {
  const t = useWords()
  const chat = useChat()
  const secured = useChatState(({ room }) => room.me.secured === true)
  const { id, name } = channel
  const kind = channel.kind === "open" ? "private" : "open"
  const title = t(`lanes.convert.${kind}`, { name })
  if (!secured)
    return (
      <Dialog title={title} onClose={onBack}>
        <SecureStep />
      </Dialog>
    )
  const convert = async () => {
    const made = await chat.ask({ type: "channel.update", id, kind })
    if (made instanceof Refused) return made.code
    onClose()
    if (made.type === "ack" && made.channel !== null) chat.open(made.channel)
    return null
  }
  return (
    <ConfirmDialog
      title={title}
      action={t(kind === "open" ? "lanes.toOpen" : "lanes.toPrivate")}
      place="lanes"
      onConfirm={convert}
      onClose={onBack}
    >
      <p>{t(`lanes.convertText.${kind}`)}</p>
    </ConfirmDialog>
  )
}
