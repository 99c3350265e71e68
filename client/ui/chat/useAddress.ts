/** Keeps the address and the open channel in step: `/r/{room}#{channel}` or `#{channel}/{seq}` for one message. */
import { useEffect } from "react"
import { placeFromHash } from "../../browser.ts"
import { useChat, useChatState } from "../context.ts"

export function useAddress(): void {
  const chat = useChat()
  const opened = useChatState((state) => state.opened)
  const ready = useChatState((state) => state.room.seq !== null)

  useEffect(() => {
    if (!ready) return
    const follow = () => {
      const place = placeFromHash(location.hash)
      const { room, opened: now } = chat.store.get()
      if (place === null || !(place.channel in room.channels)) return
      if (now?.channel !== place.channel || now.target !== place.target) chat.open(place.channel, place.target)
    }
    follow()
    addEventListener("hashchange", follow)
    return () => removeEventListener("hashchange", follow)
  }, [chat, ready])

  useEffect(() => {
    if (opened === null) return
    const hash = `#${encodeURIComponent(opened.channel)}${opened.target === null ? "" : `/${opened.target}`}`
    if (location.hash === "") history.replaceState(null, "", hash)
    else if (location.hash !== hash) history.pushState(null, "", hash)
  }, [opened])
}

/** The address of one message, to be passed on. */
export function linkTo(channel: string, seq: number): string {
  return `${location.origin}${location.pathname}#${encodeURIComponent(channel)}/${seq}`
}
