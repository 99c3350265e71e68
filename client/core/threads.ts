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

/** @param former what has come of it: the next page follows. A refusal's code: it could not be had. */
export async function fetchThread(
  chat: Pick<Chat, "ask">,
  { channel, seq }: Place,
  former: Thread | null,
): Promise<Thread | string> {
  const after = former?.replies.at(-1)?.seq
  const answer = await chat.ask({ type: "thread", channel, seq, ...(after === undefined ? {} : { after }) })
  if (answer instanceof Refused) return answer.code
  if (answer.type !== "thread") return "internal"
  return { first: answer.first, replies: [...(former?.replies ?? []), ...answer.messages], more: answer.more }
}

/** The thread after something has happened; the same event twice changes nothing more. */
export function threadAfter(thread: Thread, event: RoomEvent): Thread {
  const { first, replies, more } = thread
  if (event.kind === "message") {
    const { message } = event
    const isReply = message.state === "said" && message.channel === first.channel && message.reply_seq === first.seq
    if (!isReply || more || replies.some(({ seq }) => seq >= message.seq)) return thread
    return { ...thread, replies: [...replies, message] }
  }
  if (!("channel" in event) || event.channel !== first.channel) return thread
  const after = replies.map((reply) => amended(reply, event))
  const isGone = ({ state, seq }: Message) => state === "deleted" || (event.kind === "purge" && seq <= event.up_to_seq)
  return { ...thread, first: amended(first, event), replies: after.filter((reply) => !isGone(reply)) }
}
