/** A message and the replies to it, as the server gives them and as they change. */
import type { Chat } from "./chat.ts"
import type { Message, RoomEvent } from "./protocol.ts"
import { Refused } from "./requests.ts"
import { amended } from "./timeline.ts"

export interface Place {
  readonly channel: string
  readonly seq: number
}

export interface Thread {
  readonly first: Message
  /** Those that stand, oldest first. */
  readonly replies: readonly Message[]
  /** Further ones follow, which have not come yet. */
  readonly more: boolean
}

/**
 * A refusal's code: it could not be had.
 *
 * @param former what has come of it: the next page follows.
 * @param upTo as many pages as it takes to come to this `seq` again.
 */
export async function fetchThread(
  chat: Pick<Chat, "ask">,
  place: Place,
  former: Thread | null,
  upTo = 0,
): Promise<Thread | string> {
  const { channel, seq } = place
  const after = lastOf(former)
  const answer = await chat.ask({ type: "thread", channel, seq, ...(after > 0 && { after }) })
  if (answer instanceof Refused) return answer.code
  if (answer.type !== "thread") return "internal"
  const { first, messages, more } = answer
  const thread = { first, replies: [...(former?.replies ?? []), ...messages], more }
  return more && lastOf(thread) < upTo ? fetchThread(chat, place, thread, upTo) : thread
}

/** The `seq` of the last reply that has come; 0: none has. */
export function lastOf(thread: Thread | null): number {
  return thread?.replies.at(-1)?.seq ?? 0
}

/** The thread after something has happened, null once its message is not here any more; the same event twice changes nothing more. */
export function threadAfter(thread: Thread | null, event: RoomEvent): Thread | null {
  if (thread === null) return null
  const { first, replies, more } = thread
  if (event.kind === "message") {
    const { message } = event
    const isReply = message.state === "said" && message.channel === first.channel && message.reply_seq === first.seq
    if (!isReply || more || replies.some(({ seq }) => seq >= message.seq)) return thread
    return { ...thread, replies: [...replies, message] }
  }
  if (!("channel" in event) || event.channel !== first.channel) return thread
  if (event.kind === "purge" && first.seq <= event.up_to_seq) return null
  const after = replies.map((reply) => amended(reply, event))
  return { ...thread, first: amended(first, event), replies: after.filter(({ state }) => state !== "deleted") }
}
