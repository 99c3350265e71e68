/** What comes while the chat is open in a tab is told of. */
import { useCallback } from "react"
import { isQuiet } from "../../core/quiet.ts"
import { useApp, useChat } from "../context.ts"
import { useInBackground } from "./useInBackground.ts"

export function useHeard(title: string): void {
  const { entrance, ports, t } = useApp()
  const chat = useChat()
  const { room } = entrance
  const begin = useCallback(async () => {
    const keepsStill = () => isQuiet(chat.store.get().quiet, chat.clock.now())
    const tab = { room, title, shelf: ports.shelf, language: t.language, isQuiet: keepsStill }
    return (await import("../../push/inTab.ts")).tellOfNews(chat, tab)
  }, [chat, room, title, ports, t])
  useInBackground(begin)
}
