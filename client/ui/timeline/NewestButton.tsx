/** The way back to the newest message, with how many have come meanwhile. */
import { ArrowDown } from "lucide"
import { useWords } from "../context.ts"
import { Icon } from "../kit/Icon.tsx"

interface NewestButtonProps {
  readonly away: boolean
  readonly newer: boolean
  readonly unread: number
  readonly onClick: () => void
}

export function NewestButton({ away, newer, unread, onClick }: NewestButtonProps) {
  const t = useWords()
  if (!away && !newer) return null
  const words = unread > 0 ? t("messages.newCount", { count: unread }) : t("messages.newest")
  return (
    <button className="newest" type="button" onClick={onClick}>
      <Icon of={ArrowDown} />
      <span key={words}>{words}</span>
    </button>
  )
}
