/** How many answer a message, and when the newest of them was sent; a press shows them beside the channel, or no longer. */
import type { Message, Replies } from "../../core/protocol.ts"
import { MANY_REPLIES } from "../../core/timeline.ts"
import { useChat, useChatState, useWords } from "../context.ts"

export function RepliesLine({ message: { channel, seq }, count, at }: Replies & { readonly message: Message }) {
  const t = useWords()
  const chat = useChat()
  const shown = useChatState(({ thread }) => thread?.channel === channel && thread.seq === seq)
  const words = count < MANY_REPLIES ? t("replies", { count }) : t("replies.many")
  return (
    <button
      className="replies"
      type="button"
      aria-expanded={shown}
      onClick={() => chat.showThread(shown ? null : { channel, seq })}
    >
      <span key={words}>{words}</span>
      {at !== null && <time>{`${t.day(at, chat.clock.now())}, ${t.time(at)}`}</time>}
    </button>
  )
}
