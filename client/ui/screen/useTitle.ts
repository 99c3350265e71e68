/** The title of the window: the channel, and whether there is something new. */
import { useEffect } from "react"
import { useChatState } from "../context.ts"

export function useTitle(title: string): void {
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
