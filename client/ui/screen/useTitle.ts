/** The title of the window: the channel, the room as it is called now, and whether there is something new. */
import { useEffect } from "react"
import { calls } from "../../core/listing.ts"
import { useApp, useChatState } from "../context.ts"
import { channelName } from "../sidebar/ChannelSign.tsx"

export function useTitle(title: string): void {
  const { t, entrance } = useApp()
  const called = useChatState(({ room }) => room.look?.title)
  useEffect(() => {
    if (called) entrance.rename(called)
  }, [called, entrance])
  const channel = useChatState(({ opened, room }) => channelName(t, room.channels[opened?.channel ?? ""]))
  const mentions = useChatState(({ room }) => sumOf(Object.values(room.channels), ({ mentions: count }) => count))
  const unread = useChatState(({ room }) => Object.values(room.channels).some(calls))
  useEffect(() => {
    const sign = mentions > 0 ? `(${mentions}) ` : unread ? "• " : ""
    document.title = `${sign}${channel === "" ? "" : `${channel} · `}${title}`
    return () => {
      document.title = title
    }
  }, [title, channel, mentions, unread])
}

function sumOf<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((sum, item) => sum + count(item), 0)
}
