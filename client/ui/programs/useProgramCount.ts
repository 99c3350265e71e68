import { useChatState } from "../context.ts"

/** How many programs there are, hooks and bots: each is a member. */
export function useProgramCount(): number {
  return useChatState(({ room }) => Object.values(room.members).filter(({ role }) => role === "bot").length)
}
