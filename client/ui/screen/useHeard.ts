/** What comes while the chat is open in a tab is told of; what does it is downloaded meanwhile. */
import { useEffect } from "react"
import { endOf, quietOf } from "../../core/quiet.ts"
import { useApp, useChat } from "../context.ts"
import { whenIdle } from "../kit/part.ts"

export function useHeard(title: string): void {
  const { entrance, ports, t } = useApp()
  const chat = useChat()
  const { room } = entrance
  useEffect(() => {
    let stop: (() => void) | null = () => undefined
    const isQuiet = () => {
      const quiet = quietOf(chat.store.get().quiet)
      return quiet !== null && endOf(quiet, chat.clock.now()) !== null
    }
    const tab = { room, title, shelf: ports.shelf, language: t.language, isQuiet }
    const begin = async () => {
      const { tellOfNews } = await import("../../push/inTab.ts")
      if (stop !== null) stop = tellOfNews(chat, tab)
    }
    whenIdle(() => void begin().catch(() => undefined))
    return () => {
      stop?.()
      stop = null
    }
  }, [chat, room, title, ports, t])
}
