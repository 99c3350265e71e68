/** Keeps the address and the open channel in step: `/r/{room}#{channel}` or `#{channel}/{seq}` for one message. */
import { useEffect, useRef } from "react"
import { hashOf, placeFromHash } from "../../browser/places.ts"
import { useChat, useChatState } from "../context.ts"

export function useAddress(): void {
  const chat = useChat()
  const opened = useChatState((state) => state.opened)
  /** The address that was followed, or written, last. */
  const seen = useRef("")

  useEffect(() => {
    const follow = () => {
      seen.current = location.hash
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
    // Another one than was seen: somebody has gone on, and the browser will say so. That is not to be written over.
    if (location.hash === hash || location.hash !== seen.current) return
    // An address that leads nowhere is no place to come back to.
    const known = Object.hasOwn(chat.store.get().room.channels, placeFromHash(location.hash)?.channel ?? "")
    if (known) history.pushState(null, "", hash)
    else history.replaceState(null, "", hash)
    seen.current = hash
  }, [chat, opened])
}
