/** Opens the dialog that makes a recovery code; whoever came from another one, to write to somebody, comes back to it. */
import { useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { recovery } from "./parts.ts"

export function useRecoveryDialog(): () => void {
  const t = useWords()
  const dialogs = useDialogs()
  return () => dialogs.show({ kind: "part", part: recovery, title: t("name.code"), back: dialogs.open })
}
