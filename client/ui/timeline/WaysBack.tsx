/** Away from the end of a channel: the way to the newest message, with how many came, and the one back before a jump. */
import { ArrowDown } from "lucide"
import { useChat, useChatState, useWords } from "../context.ts"
import { Icon } from "../kit/Icon.tsx"

export function WaysBack({ unread, onNewest }: { readonly unread: number; readonly onNewest: () => void }) {
  const t = useWords()
  const chat = useChat()
  const some = useChatState(({ ways }) => ways.length > 0)
  const words = unread > 0 ? t("messages.newCount", { count: unread }) : t("messages.newest")
  return (
    <div className="ways-back">
      {some && (
        <button className="newest newest--back" type="button" onClick={chat.back}>
          {t("messages.back")}
        </button>
      )}
      <button className="newest" type="button" onClick={onNewest}>
        <Icon of={ArrowDown} />
        <span key={words}>{words}</span>
      </button>
    </div>
  )
}
