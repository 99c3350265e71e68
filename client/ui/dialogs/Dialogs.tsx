/** Shows the dialog that is open. */
import { useChatState } from "../context.ts"
import { ChannelDialog } from "./ChannelDialog.tsx"
import { DeleteChannelDialog } from "./DeleteChannelDialog.tsx"
import { NotifyDialog } from "./NotifyDialog.tsx"
import { QuestionDialog } from "./QuestionDialog.tsx"
import { RemoveMemberDialog } from "./RemoveMemberDialog.tsx"
import { SettingsDialog } from "./SettingsDialog.tsx"
import { ShortcutsDialog } from "./ShortcutsDialog.tsx"
import { StatsDialog } from "./StatsDialog.tsx"
import { SwitcherDialog } from "./SwitcherDialog.tsx"
import { useDialogs } from "./useDialogs.tsx"

export function Dialogs() {
  const question = useChatState(({ questions }) => questions[0])
  return (
    <>
      <Chosen />
      {question !== undefined && <QuestionDialog key={question.id} question={question} />}
    </>
  )
}

function Chosen() {
  const { open, close } = useDialogs()
  switch (open?.kind) {
    case undefined:
      return null
    case "switcher":
      return <SwitcherDialog onClose={close} />
    case "shortcuts":
      return <ShortcutsDialog onClose={close} />
    case "settings":
      return <SettingsDialog onClose={close} />
    case "stats":
      return <StatsDialog onClose={close} />
    case "channel":
      return <ChannelDialog id={open.channel ?? null} onClose={close} />
    case "notify":
      return <NotifyDialog id={open.channel} onClose={close} />
    case "delete":
      return <DeleteChannelDialog id={open.channel} onClose={close} />
    case "remove":
      return <RemoveMemberDialog id={open.member} onClose={close} />
  }
}
