/** How many characters a message may still have; below zero it is too long. */
import { countCharacters } from "../../core/words.ts"
import { useChatState } from "../context.ts"

/** It is said when fewer than this are left. */
export const FEW = 400

export function useCharactersLeft(text: string): number {
  return useChatState(({ room }) => room.limits.body_characters) - countCharacters(text)
}
