/** What the page owes to notifications: this browser registered, what was read put away, and a click followed. */
import { useEffect } from "react"
import { destination } from "../../browser/places.ts"
import { onDevice } from "../../push/onDevice.ts"
import { useApp, useChat, useChatState } from "../context.ts"

export function useNotifications(): void {
  const { entrance, t } = useApp()
  const chat = useChat()
  const { room } = entrance
  const member = useChatState((state) => state.room.me.id)
  const live = useChatState(({ connection }) => connection.status === "live")
  const count = useChatState((state) => Object.keys(state.room.channels).length)
  const unread = useChatState((state) => Object.values(state.room.channels).reduce((sum, each) => sum + each.unread, 0))

  useEffect(() => onDevice(({ keepLanguage }) => keepLanguage(t.language)), [t])
  useEffect(() => onDevice(({ renew }) => renew(room, member)), [room, member])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a lane that is gone takes its notifications along
  useEffect(() => {
    if (!live) return
    const { channels } = chat.store.get().room
    onDevice(({ showBadge, closeShown }) => {
      showBadge(unread)
      return closeShown(room, ({ channel, seq }) => {
        // One that is not here any more was wiped, and says nothing of itself.
        const read = channels[channel ?? ""]?.read_seq ?? (channel === null ? 0 : Number.POSITIVE_INFINITY)
        return (seq ?? 0) <= read
      })
    })
  }, [chat, room, live, unread, count])

  useEffect(() => {
    const follow = ({ data }: MessageEvent) => {
      const { channel, seq } = destination(data, "message")
      if (channel !== null) chat.visit(channel, seq)
    }
    navigator.serviceWorker?.addEventListener("message", follow)
    return () => navigator.serviceWorker?.removeEventListener("message", follow)
  }, [chat])
}
