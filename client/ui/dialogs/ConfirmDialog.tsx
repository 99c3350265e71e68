/** Asks before something that cannot be undone. */
import { type ReactNode, useState } from "react"
import { useChat, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { FieldError } from "../kit/FieldError.tsx"
import { useThere } from "../kit/useThere.ts"
import { useRefusalWords } from "../recovery/useRefusalWords.ts"

interface ConfirmDialogProps {
  readonly title: string
  readonly children: ReactNode
  readonly action: string
  /** The refusal's code, or null when it was done. */
  readonly onConfirm: () => Promise<string | null>
  readonly onClose: () => void
  /** Whose words say why it was refused, as in `refusalWords`. */
  readonly place?: string
}

export function ConfirmDialog({ title, children, action, onConfirm, onClose, place }: ConfirmDialogProps) {
  const t = useWords()
  const chat = useChat()
  const there = useThere()
  const refusalWords = useRefusalWords()
  const [refusal, setRefusal] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const confirm = async () => {
    setBusy(true)
    const code = await onConfirm()
    setBusy(false)
    if (code === null) onClose()
    else if (there.current) setRefusal(code)
    else chat.showNotice(code)
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="form">
        {children}
        <FieldError>{refusal !== null && refusalWords(refusal, place)}</FieldError>
        <div className="form__buttons">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button kind="danger" busy={busy} onClick={() => void confirm()}>
            {action}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
