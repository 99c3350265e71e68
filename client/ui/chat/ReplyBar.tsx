/** Which message will be answered. */
import { CornerUpLeft, X } from "lucide"
import { plainText } from "../../core/markdown.ts"
import type { Said } from "../../core/protocol.ts"
import { nameOf } from "../../core/room.ts"
import { useChatState, useWords } from "../context.ts"
import { Icon } from "../kit/Icon.tsx"
import { IconButton } from "../kit/IconButton.tsx"

export function ReplyBar({ message, onCancel }: { message: Said; onCancel: () => void }) {
  const t = useWords()
  const name = useChatState(({ room }) => nameOf(room, message.author)) ?? t("member.gone")
  return (
    <div className="reply-bar">
      <Icon of={CornerUpLeft} />
      <span className="reply-bar__author">{t("reply.to", { name })}</span>
      <span key={message.body} className="reply-bar__words">
        {plainText(message.body).slice(0, 120)}
      </span>
      <IconButton icon={X} name={t("reply.cancel")} onClick={onCancel} />
    </div>
  )
}
