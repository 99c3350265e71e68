/** What an author is beside their name: an admin, a bot, or one who is no more. */
import { useChatState, useWords } from "../context.ts"

export function useRole(member: string): string | null {
  const t = useWords()
  const key = useChatState(({ room }) => {
    const here = room.members[member]
    const gone = room.former[member]
    return here ? (`role.${here.role}` as const) : gone && (gone.role === "bot" ? "bot.gone" : "member.gone")
  })
  return key && key !== "role.member" ? t(key) : null
}

export function Role({ name }: { name: string | null }) {
  return name === null ? null : <span className="role">{name}</span>
}
