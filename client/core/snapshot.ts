/**
 * What is kept of a room between two visits, so that it opens at once, and without a network too.
 *
 * A snapshot is a room at one `seq`: a returning line resumes from there. Only runs that reach up to the present are
 * kept, and of those the newest messages.
 */
import { limits } from "./answers.ts"
import { channel, look, type Message, member, message } from "./protocol.ts"
import { emptyRoom, type Room } from "./room.ts"
import { dictionary, flag, list, number, object, orElse, orNull } from "./shape.ts"
import { EMPTY, type Timeline } from "./timeline.ts"

const KEPT_MESSAGES = 100
const VERSION = 1

const timeline = object({ messages: list(message), older: flag, purged: flag, pinned: orElse(list(number), []) })
const snapshot = object({
  version: number,
  seq: number,
  me: member,
  channels: dictionary(channel),
  members: dictionary(member),
  former: dictionary(member),
  retention_days: orNull(number),
  look: orNull(look),
  joined_seq: orElse(number, 0),
  limits,
  timelines: dictionary(timeline),
  lanes: orElse(dictionary(object({ seq: number, counted: number })), {}),
  hasLanes: orElse(flag, false),
})

export function toSnapshot(room: Room): unknown {
  if (room.seq === null) return null
  // What passes is not kept; what nobody asks for when it is read does no harm.
  const { dividers, fresh, typing, session, ...kept } = room
  const runs = Object.entries(room.timelines).map(([id, run]) => [id, run.present ?? run] as const)
  const timelines = runs.filter(([, { status, newer }]) => status === "ready" && !newer)
  return {
    ...kept,
    version: VERSION,
    timelines: Object.fromEntries(timelines.map(([id, run]) => [id, packed(run)])),
  }
}

function packed(timeline: Timeline) {
  const messages = timeline.messages.slice(-KEPT_MESSAGES)
  return {
    messages: messages.map(asStored),
    older: timeline.older || messages.length < timeline.messages.length,
    purged: timeline.purged,
    pinned: timeline.pinned,
  }
}

/** Without changes on their way: whoever comes back after they got lost would take them for stored. */
function asStored(message: Message) {
  if (message.state === "unreadable") return { ...message, unreadable: true }
  return (message.state === "said" && message.stored) || message
}

/** The kept room, or null if there is none that this version can read. */
export function fromSnapshot(value: unknown): Room | null {
  try {
    const kept = snapshot(value, "snapshot")
    if (kept.version !== VERSION) return null
    const timelines = Object.entries(kept.timelines).map(([id, run]) => [id, unpacked(run)] as const)
    return { ...emptyRoom(kept.me), ...kept, counted: kept.seq, timelines: Object.fromEntries(timelines) }
  } catch {
    return null
  }
}

function unpacked(run: Pick<Timeline, "messages" | "older" | "purged" | "pinned">): Timeline {
  return { ...EMPTY, ...run, status: "ready" }
}
