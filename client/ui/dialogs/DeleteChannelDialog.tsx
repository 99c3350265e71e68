/** Deleting a channel takes its messages with it. */
import { useChat, useChatState, useWords } from "../context.ts"
import { ConfirmDialog } from "./ConfirmDialog.tsx"

export function DeleteChannelDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useWords()
  const chat = useChat()
  const name = useChatState(({ room }) => room.channels[id]?.name ?? "")
  const isAdmin = useChatState(({ room }) => room.me.role === "admin")
  const remove = async () => {
    const code = await chat.change({ type: "channel.delete", id })
    return code === "forbidden" ? "others_wrote" : code
  }
  return (
    <ConfirmDialog
      title={t("channel.deleteTitle", { name })}
      action={t("channel.delete")}
      onConfirm={remove}
      onClose={onClose}
    >
      <p>{t("channel.deleteText")}</p>
      {!isAdmin && <p>{t("channel.deleteOwnText")}</p>}
    </ConfirmDialog>
  )
}
