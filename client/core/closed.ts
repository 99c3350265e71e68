/** Where one only reads. The server decides; this says beforehand what it would refuse. */
import type { Channel } from "./protocol.ts"
import type { Room } from "./room.ts"

/** Archived, a lane where an admin reads along, or a conversation that is not wanted here (any more). */
export function isClosed(
  { me, members, direct_messages }: Pick<Room, "me" | "members" | "direct_messages">,
  { archived, kind, members: inside }: Channel,
): boolean {
  return (
    archived ||
    (kind !== "open" && !inside.includes(me.id)) ||
    (kind === "direct" &&
      inside.length > 1 &&
      direct_messages !== "everyone" &&
      !(direct_messages === "with-admins" && inside.some((id) => members[id]?.role === "admin")))
  )
}
