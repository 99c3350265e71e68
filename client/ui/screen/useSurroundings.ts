/** What the chat learns from the browser (network, visibility, leaving), and what it sets there (the title). */
import { useEffect } from "react"
import { useChat, useChatState } from "../context.ts"

export function useSurroundings(title: string): void {
  const chat = useChat()
  useEffect(() => {
    const onVisible = () => {
      chat.look()
      if (document.visibilityState === "visible") chat.wake()
      // It may never come back: phones end hidden pages without a word.
      else chat.flush()
    }
    addEventListener("online", chat.wake)
    addEventListener("offline", chat.rest)
    document.addEventListener("visibilitychange", onVisible)
    return () => {
      removeEventListener("online", chat.wake)
      removeEventListener("offline", chat.rest)
      document.removeEventListener("visibilitychange", onVisible)
    }
  }, [chat])

  const channel = useChatState(({ opened, room }) =>
    opened === null ? undefined : room.channels[opened.channel]?.name,
  )
  const mentions = useChatState(({ room }) => sumOf(Object.values(room.channels), ({ mentions: count }) => count))
  const unread = useChatState(({ room }) => Object.values(room.channels).some((each) => each.unread > 0))
  useEffect(() => {
    const sign = mentions > 0 ? `(${mentions}) ` : unread ? "• " : ""
    document.title = `${sign}${channel === undefined ? "" : `${channel} · `}${title}`
    return () => {
      document.title = title
    }
  }, [title, channel, mentions, unread])
}

function sumOf<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((sum, item) => sum + count(item), 0)
}
