/** What can be done with a message; until all of it has come, answering, which is part of writing. */
import { CornerUpLeft } from "lucide"
import { useChatState, useWords } from "../context.ts"
import { IconButton } from "../kit/IconButton.tsx"
import { useQuietPart } from "../kit/part.ts"
import { actions } from "../quiet.ts"
import type { MessageActionsProps } from "./MessageActions.tsx"

export function ActionsPlace(props: MessageActionsProps) {
  const t = useWords()
  const { message, onReply } = props
  const archived = useChatState(({ room }) => room.channels[message.channel]?.archived)
  const { Ready } = useQuietPart(actions, true)
  if (Ready !== null) return <Ready {...props} />
  return (
    <div className="message__actions" role="toolbar" aria-label={t("message.actions")}>
      {!archived && <IconButton icon={CornerUpLeft} name={t("message.reply")} onClick={() => onReply(message)} />}
    </div>
  )
}
