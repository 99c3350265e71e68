/** What the chat learns from the browser: network, visibility, leaving. */
import { useEffect } from "react"
import { useChat } from "../context.ts"

export function useSurroundings(): void {
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
}
