/** What an author is beside their name: an admin, a bot, or somebody who is a member no more. */
import { useChatState, useWords } from "../context.ts"

export function useRole(member: string | null): string | null {
  const t = useWords()
  const role = useChatState(({ room }) =>
    member === null
      ? undefined
      : member in room.members
        ? room.members[member]?.role
        : member in room.former && "former",
  )
  return role === "former" ? t("member.gone") : role && role !== "member" ? t(`role.${role}`) : null
}

export function Role({ name }: { name: string | null }) {
  return name === null ? null : <span className="role">{name}</span>
}
