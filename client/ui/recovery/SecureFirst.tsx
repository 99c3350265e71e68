/** In place of the composer, where only secured members write: why one cannot yet, and what to do about it. */
import { useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { useRecoveryDialog } from "./useRecoveryDialog.ts"

export function SecureFirst() {
  const t = useWords()
  const open = useRecoveryDialog()
  return (
    <div className="channel__archived recovery__first">
      <p>{t("name.first")}</p>
      <Button small kind="primary" onClick={open}>
        {t("name.make")}
      </Button>
    </div>
  )
}
