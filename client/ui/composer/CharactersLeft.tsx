/** How much longer a message may be, when it is nearly too long or is; and that a paste was too long. */
import { useChatState, useWords } from "../context.ts"

export function CharactersLeft({ left }: { left: number }) {
  const t = useWords()
  const over = left < 0
  return (
    <span className={over ? "composer__count composer__count--over" : "composer__count"} role="status">
      <span key={left}>{t(over ? "composer.over" : "composer.left", { count: Math.abs(left) })}</span>
    </span>
  )
}

export function PasteCut() {
  const t = useWords()
  const limit = useChatState(({ room }) => room.limits.body_characters)
  return t("composer.cut", { count: limit })
}
