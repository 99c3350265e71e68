/** Programs that take part in the chat: a section for each kind of them. */
import { useWords } from "../context.ts"
import { Dialog } from "../kit/Dialog.tsx"
import { BotSection } from "./BotSection.tsx"
import { HookSection } from "./HookSection.tsx"

export function ProgramsDialog({ onClose }: { onClose: () => void }) {
  const t = useWords()
  return (
    <Dialog title={t("programs")} onClose={onClose} wide>
      <div className="settings">
        <HookSection />
        <BotSection />
      </div>
    </Dialog>
  )
}
