/** How much longer a message may be: shown when it is nearly too long, or too long. */
import { countCharacters } from "../../core/words.ts"
import { useChatState, useWords } from "../context.ts"

/** Fewer than this are told. */
const FEW = 400

export function useCharactersLeft(text: string): number {
  return useChatState(({ room }) => room.limits["body_characters"] ?? 4000) - countCharacters(text)
}

export function CharactersLeft({ left }: { left: number }) {
  const t = useWords()
  if (left >= FEW) return null
  return (
    <span className={left < 0 ? "composer__count composer__count--over" : "composer__count"} role="status">
      {t("composer.left", { count: left })}
    </span>
  )
}
