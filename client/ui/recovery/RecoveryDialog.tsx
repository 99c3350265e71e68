/** Makes a recovery code: who has one already is asked first, because the former one ends. */
import { useState } from "react"
import { useChatState, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { CodeSheet } from "./CodeSheet.tsx"

export function RecoveryDialog({ onClose }: { onClose: () => void }) {
  const t = useWords()
  const secured = useChatState(({ room }) => room.me.secured === true)
  // As it was when the dialog was opened: with the new code it changes.
  const [asks, setAsks] = useState(secured)
  return (
    <Dialog title={t("name.code")} onClose={onClose}>
      {asks ? (
        <div className="form">
          <p>{t("recovery.replaces")}</p>
          <div className="form__buttons">
            <Button onClick={onClose}>{t("cancel")}</Button>
            <Button kind="primary" onClick={() => setAsks(false)}>
              {t("name.renew")}
            </Button>
          </div>
        </div>
      ) : (
        <CodeSheet onClose={onClose} />
      )}
    </Dialog>
  )
}
