/** Who is not secured cannot be in a conversation that only some see: this leads there. */
import { useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { useRecoveryDialog } from "../recovery/useRecoveryDialog.ts"

export function SecureStep() {
  const t = useWords()
  const open = useRecoveryDialog()
  return (
    <div className="lanes__secure">
      <p>{t("lanes.secureFirst")}</p>
      <Button kind="primary" onClick={open}>
        {t("name.make")}
      </Button>
    </div>
  )
}
