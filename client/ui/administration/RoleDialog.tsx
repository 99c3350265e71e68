/** Making somebody an admin, and taking that back: what it means, and what has to be done before. */
import type { OverviewMember } from "../../core/administration.ts"
import { useChat, useWords } from "../context.ts"
import { ConfirmDialog } from "../dialogs/ConfirmDialog.tsx"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"

interface RoleDialogProps {
  readonly member: Pick<OverviewMember, "id" | "secured" | "made_admin">
  readonly name: string
  readonly onDone?: () => void
  readonly onClose: () => void
}

export function RoleDialog({ member, name, onDone, onClose }: RoleDialogProps) {
  const t = useWords()
  const chat = useChat()
  const { id, made_admin } = member
  const act = made_admin ? "unmake" : "make"
  const title = t(`admin.${act}Title`, { name })
  const change = async () => {
    const refusal = await chat.change({ type: "member.role", id, role: made_admin ? "member" : "admin" })
    if (refusal === null) onDone?.()
    return refusal
  }
  if (!made_admin && !member.secured)
    return (
      <Dialog title={title} onClose={onClose}>
        <div className="form">
          <p>{t("admin.makeNotYet", { name })}</p>
          <div className="form__buttons">
            <Button onClick={onClose}>{t("cancel")}</Button>
          </div>
        </div>
      </Dialog>
    )
  return (
    <ConfirmDialog title={title} action={t(`admin.${act}`)} onConfirm={change} onClose={onClose}>
      <p>{t(`admin.${act}Text`)}</p>
      <p className="field__hint">{t(made_admin ? "admin.unmakePassword" : "admin.makeEnds")}</p>
    </ConfirmDialog>
  )
}
