/** Keeps the address and the open channel in step: `/r/{room}#{channel}` or `#{channel}/{seq}` for one message. */
import { useEffect } from "react"
import { hashOf, placeFromHash } from "../../places.ts"
import { useChat, useChatState } from "../context.ts"

export function useAddress(): void {
  const chat = useChat()
  const opened = useChatState((state) => state.opened)

  useEffect(() => {
    const follow = () => {
      const place = placeFromHash(location.hash)
      const now = chat.store.get().opened
      if (place !== null && (now?.channel !== place.channel || now.target !== place.target))
        chat.visit(place.channel, place.target)
    }
    follow()
    addEventListener("hashchange", follow)
    return () => removeEventListener("hashchange", follow)
  }, [chat])

  useEffect(() => {
    if (opened === null) return
    const hash = hashOf(opened)
    if (location.hash === hash) return
    // An address that leads nowhere is no place to come back to.
    const known = Object.hasOwn(chat.store.get().room.channels, placeFromHash(location.hash)?.channel ?? "")
    if (known) history.pushState(null, "", hash)
    else history.replaceState(null, "", hash)
  }, [chat, opened])
}

/** The address of one message, to be passed on. */
export function linkTo(channel: string, seq: number): string {
  return `${location.origin}${location.pathname}${hashOf({ channel, target: seq })}`
}
