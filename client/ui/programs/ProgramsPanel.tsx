/** Programs that take part in the chat: a section for each kind of them. */
import { BotSection } from "./BotSection.tsx"
import { HookSection } from "./HookSection.tsx"

export function ProgramsPanel() {
  return (
    <div className="settings">
      <HookSection />
      <BotSection />
    </div>
  )
}
