/** Keeps the address and the open channel in step: `/r/{room}#{channel}` or `#{channel}/{seq}` for one message. */
import { useEffect } from "react"
import type { Chat } from "../../core/session.ts"
import { hashOf, type Place, placeFromHash } from "../../places.ts"
import { useChat, useChatState } from "../context.ts"

export function useAddress(): void {
  const chat = useChat()
  const opened = useChatState((state) => state.opened)
  const ready = useChatState((state) => state.room.seq !== null)

  useEffect(() => {
    if (!ready) return
    const follow = () => {
      const place = placeFromHash(location.hash)
      const now = chat.store.get().opened
      if (place === null || (now?.channel === place.channel && now.target === place.target)) return
      // Its channel is gone: the address is that of what stays open.
      if (!go(chat, place) && now !== null) history.replaceState(null, "", hashOf(now))
    }
    follow()
    addEventListener("hashchange", follow)
    return () => removeEventListener("hashchange", follow)
  }, [chat, ready])

  useEffect(() => {
    if (opened === null) return
    const hash = hashOf(opened)
    if (location.hash === "") history.replaceState(null, "", hash)
    else if (location.hash !== hash) history.pushState(null, "", hash)
  }, [opened])
}

/** Opens a place, unless its channel is gone: then it is false. */
export function go(chat: Chat, { channel, target }: Place): boolean {
  const known = Object.hasOwn(chat.store.get().room.channels, channel)
  if (known) chat.open(channel, target)
  return known
}

/** The address of one message, to be passed on. */
export function linkTo(channel: string, seq: number): string {
  return `${location.origin}${location.pathname}${hashOf({ channel, target: seq })}`
}
