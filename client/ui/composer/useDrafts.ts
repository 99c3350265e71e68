/** What is begun here and not sent follows the member to their other devices. */
import { useCallback } from "react"
import { useApp, useChat } from "../context.ts"
import { useInBackground } from "../screen/useInBackground.ts"

export function useDrafts(): void {
  const { ports } = useApp()
  const chat = useChat()
  const begin = useCallback(
    async () => (await import("./followDrafts.ts")).followDrafts(chat, ports.isVisible),
    [chat, ports],
  )
  useInBackground(begin)
}
