/** Whether one may read and not write yet: the room wants secured names, and one's own is not. */
import { useApp, useChatState } from "../context.ts"

export function useLocked(): boolean {
  const { entrance } = useApp()
  const open = useChatState(({ room }) => room.me.secured === false)
  return open && entrance.facts()?.names === "secured"
}
