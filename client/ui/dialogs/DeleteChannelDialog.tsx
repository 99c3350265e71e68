/** Deleting a channel takes its messages with it. */
import { useChat, useChatState, useWords } from "../context.ts"
import { ConfirmDialog } from "./ConfirmDialog.tsx"

export function DeleteChannelDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useWords()
  const chat = useChat()
  const name = useChatState(({ room }) => room.channels[id]?.name ?? "")
  return (
    <ConfirmDialog
      title={t("channel.deleteTitle", { name })}
      action={t("channel.delete")}
      onConfirm={() => chat.change({ type: "channel.delete", id })}
      onClose={onClose}
    >
      <p>{t("channel.deleteText")}</p>
    </ConfirmDialog>
  )
}
