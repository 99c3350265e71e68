/** What one is told of while the chat is open in a tab: the same that a device is notified of (src/notify/choices.py). */
import type { Channel, Level } from "./protocol.ts"
import type { Room } from "./room.ts"

type Place = Pick<Room, "channels" | "members">

/** In a room of fewer people everything is told. */
const CROWD = 3

/** The channels in which something came between two states of the room that the member wants to be told of. */
export function heardBetween(before: Place, after: Place): readonly Channel[] {
  const inCrowd = isCrowd(after)
  return Object.values(after.channels).filter((channel) => {
    const former = before.channels[channel.id]
    // What is unread in a channel that has just come was said before, unless it is a conversation's first message.
    if (former === undefined && channel.kind !== "direct") return false
    const count = counted(levelOf(channel, inCrowd))
    return (former?.last_seq ?? 0) < channel.last_seq && count(channel) > (former === undefined ? 0 : count(former))
  })
}

function levelOf({ notify, kind }: Channel, inCrowd: boolean): Level {
  return notify ?? (kind === "direct" || !inCrowd ? "all" : "mentions")
}

function counted(level: Level): (channel: Channel) => number {
  if (level === "none") return () => 0
  return level === "all" ? ({ unread }) => unread : ({ mentions }) => mentions
}

function isCrowd({ members }: Place): boolean {
  return Object.values(members).filter(({ role }) => role !== "bot").length >= CROWD
}
