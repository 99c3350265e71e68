/** Programs that take part in the chat, in a dialog. */

import { useWords } from "../context.ts"
import { useAdminsOnly } from "../dialogs/useAdminsOnly.ts"
import { Dialog } from "../kit/Dialog.tsx"
import { ProgramsPanel } from "./ProgramsPanel.tsx"

export function ProgramsDialog({ onClose }: { onClose: () => void }) {
  const t = useWords()
  useAdminsOnly(onClose)
  return (
    <Dialog title={t("programs")} onClose={onClose} wide>
      <ProgramsPanel />
    </Dialog>
  )
}
