/** The emoji of what a member says of themselves, beside their name; the words are in their card. */
import { useStatus } from "./useStatus.ts"

export function StatusSign({ member }: { member: string }) {
  const status = useStatus(member)
  if (status === null) return null
  const { emoji, text } = status
  return (
    <span className="status-sign" role="img" aria-label={`${emoji} ${text}`.trim()} title={text || undefined}>
      {emoji}
    </span>
  )
}
