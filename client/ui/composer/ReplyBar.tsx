/** Which message will be answered. */
import { CornerUpLeft, X } from "lucide"
import type { Message } from "../../core/protocol.ts"
import { nameOf } from "../../core/room.ts"
import { useChatState, useWords } from "../context.ts"
import { Icon } from "../kit/Icon.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { wordsOf } from "../message/wordsOf.ts"

interface ReplyBarProps {
  /** As useQuoted gives it. */
  readonly message: Message | null | undefined
  readonly onCancel: () => void
}

export function ReplyBar({ message, onCancel }: ReplyBarProps) {
  const t = useWords()
  const said = message?.state === "said" ? message : null
  const known = useChatState(({ room }) => said && (said.shown_as["name"] ?? nameOf(room, said.author)))
  const name = known ?? t("member.gone")
  return (
    <div className="reply-bar">
      <Icon of={CornerUpLeft} />
      {said !== null && <span className="reply-bar__author">{t("reply.to", { name })}</span>}
      <span key={said?.body} className="reply-bar__words">
        {said === null
          ? t(message === undefined ? "messages.loading" : "message.deleted")
          : wordsOf(t, said).slice(0, 120)}
      </span>
      <IconButton icon={X} name={t("reply.cancel")} onClick={onCancel} />
    </div>
  )
}
