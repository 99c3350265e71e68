/** The line has been down for a moment: say so above the messages, and offer to try at once. */
import { useChatState } from "../context.ts"
import { ConnectionBadge } from "../sidebar/ConnectionBadge.tsx"

export function LineBanner() {
  const status = useChatState(({ connection }) => connection.status)
  if (status === "live") return null
  return (
    <div className="line-banner" role="status">
      <ConnectionBadge pressable />
    </div>
  )
}
