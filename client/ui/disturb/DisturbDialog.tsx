/** When one is not to be disturbed, by itself. */
import { useWords } from "../context.ts"
import { Dialog } from "../kit/Dialog.tsx"
import { Quieting } from "./Quieting.tsx"

export function DisturbDialog({ onClose }: { onClose: () => void }) {
  const t = useWords()
  return (
    <Dialog title={t("disturb")} onClose={onClose}>
      <Quieting />
    </Dialog>
  )
}
