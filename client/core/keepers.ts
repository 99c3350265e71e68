/** Who keeps a private channel: downloaded with what shows it, or offers what only keepers may do. */
import type { Channel } from "./protocol.ts"
import type { Room } from "./room.ts"

/** Those in a lane who are still in the room; those who came first come first. */
export function inside({ members }: Pick<Room, "members">, channel: Channel): readonly string[] {
  return channel.members.filter((id) => Object.hasOwn(members, id))
}

/** Without any keeper the one who came first keeps it, as on the server. */
export function keepersOf(room: Pick<Room, "members">, channel: Channel): readonly string[] {
  const all = inside(room, channel)
  const keep = all.filter((id) => channel.keepers.includes(id))
  return keep.length > 0 ? keep : all.slice(0, 1)
}
