/** Dialogs of admins. */
import { useEffect } from "react"
import { useChatState } from "../context.ts"

/** What only admins have open is closed once the member is none any more. */
export function useAdminsOnly(onClose: () => void): void {
  const isAdmin = useChatState(({ room }) => room.me.role === "admin")
  useEffect(() => {
    if (!isAdmin) onClose()
  }, [isAdmin, onClose])
}
