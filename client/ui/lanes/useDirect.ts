/** Opens the direct conversation of these members and oneself: the one there is, or a new one. */
import { Refused } from "../../core/requests.ts"
import { useChat } from "../context.ts"

/** The result is the code of a refusal, or null when it is open. */
export function useDirect(): (members: readonly string[]) => Promise<string | null> {
  const chat = useChat()
  return async (members) => {
    const { room } = chat.store.get()
    const wanted = sign([...members, room.me.id])
    const there = Object.values(room.channels).find((each) => each.kind === "direct" && sign(each.members) === wanted)
    if (there !== undefined) {
      chat.open(there.id)
      return null
    }
    const made = await chat.ask({ type: "direct.open", members })
    if (made instanceof Refused) return made.code
    if (made.type === "ack" && made.channel !== null) chat.open(made.channel)
    return null
  }
}

const sign = (members: readonly string[]) => [...new Set(members)].toSorted().join()
