/** How much longer a message may be: shown when it is nearly too long, or too long. */
import { countCharacters } from "../../core/words.ts"
import { useChatState, useWords } from "../context.ts"

/** Shown when fewer than this are left. */
const FEW = 400

export function useCharactersLeft(text: string): number {
  return useChatState(({ room }) => room.limits.body_characters) - countCharacters(text)
}

export function CharactersLeft({ left }: { left: number }) {
  const t = useWords()
  if (left >= FEW) return null
  const over = left < 0
  return (
    <span className={over ? "composer__count composer__count--over" : "composer__count"} role="status">
      <span key={left}>{t(over ? "composer.over" : "composer.left", { count: Math.abs(left) })}</span>
    </span>
  )
}
