/** Removing a member ends all their sessions; a ban keeps their name and their devices out as well. */

import { useState } from "react"
import { useChat, useChatState, useWords } from "../context.ts"
import { ConfirmDialog } from "./ConfirmDialog.tsx"
import { useAdminsOnly } from "./useAdminsOnly.ts"

export function RemoveMemberDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useWords()
  const chat = useChat()
  useAdminsOnly(onClose)
  const name = useChatState(({ room }) => room.members[id]?.name ?? "")
  const [ban, setBan] = useState(true)
  return (
    <ConfirmDialog
      title={t("member.removeTitle", { name })}
      action={t("member.removeButton")}
      onConfirm={() => chat.change({ type: "member.remove", id, ban })}
      onClose={onClose}
    >
      <p>{t("member.removeText")}</p>
      <label className="check">
        <input type="checkbox" checked={ban} onChange={(event) => setBan(event.currentTarget.checked)} />
        <span>{t("member.ban", { name })}</span>
      </label>
      <p className="field__hint">{t(ban ? "member.banHint" : "member.noBanHint")}</p>
    </ConfirmDialog>
  )
}
