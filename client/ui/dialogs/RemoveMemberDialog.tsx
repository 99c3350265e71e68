/** Removing a member ends all their sessions. */
import { useChat, useChatState, useWords } from "../context.ts"
import { ConfirmDialog } from "./ConfirmDialog.tsx"

export function RemoveMemberDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useWords()
  const chat = useChat()
  const name = useChatState(({ room }) => room.members[id]?.name ?? "")
  return (
    <ConfirmDialog
      title={t("member.removeTitle", { name })}
      action={t("member.removeButton")}
      onConfirm={() => chat.change({ type: "member.remove", id })}
      onClose={onClose}
    >
      <p>{t("member.removeText")}</p>
    </ConfirmDialog>
  )
}
