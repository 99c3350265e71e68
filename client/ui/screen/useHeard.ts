/** What comes while the chat is open in a tab is told of. */
import { useCallback } from "react"
import { endOf, quietOf } from "../../core/quiet.ts"
import { useApp, useChat } from "../context.ts"
import { useInBackground } from "./useInBackground.ts"

export function useHeard(title: string): void {
  const { entrance, ports, t } = useApp()
  const chat = useChat()
  const { room } = entrance
  const begin = useCallback(async () => {
    const isQuiet = () => {
      const quiet = quietOf(chat.store.get().quiet)
      return quiet !== null && endOf(quiet, chat.clock.now()) !== null
    }
    const tab = { room, title, shelf: ports.shelf, language: t.language, isQuiet }
    return (await import("../../push/inTab.ts")).tellOfNews(chat, tab)
  }, [chat, room, title, ports, t])
  useInBackground(begin)
}
