/** Saves a message for oneself, or no longer, and asks which are: downloaded with what can be done with a message. */
import type { Chat } from "./chat.ts"
import type { Message } from "./protocol.ts"
import { Refused } from "./requests.ts"
import { placeOf, savedAfter } from "./saved.ts"
import { number, text } from "./shape.ts"

type Asked = Pick<Chat, "ask" | "change" | "showNotice" | "store">

export async function setSaved(chat: Asked, message: Message, on: boolean): Promise<void> {
  const { id, channel, seq } = message
  const show = (shown: boolean) =>
    chat.store.update((state) => ({ ...state, saved: savedAfter(state.saved, { channel, seq, on: shown }) }))
  show(on)
  const refusal = await chat.change({ type: "save", id, channel, on })
  if (refusal === null) return
  show(!on)
  chat.showNotice(refusal === "limit_reached" ? "saved_full" : refusal)
}

const asking = new WeakSet<object>()

/** Asks once after each welcome which messages are saved; without an answer none counts as saved. */
export async function learnSaved(chat: Asked): Promise<void> {
  const { saved, connection } = chat.store.get()
  if (saved !== null || connection.status !== "live" || asking.has(connection)) return
  asking.add(connection)
  const answer = await chat.ask({ type: "saved" })
  if (answer instanceof Refused || answer.type !== "saved") return
  const places = answer.places.map(([channel, seq]) =>
    placeOf({ channel: text(channel, "places"), seq: number(seq, "places") }),
  )
  chat.store.update((state) => ({ ...state, saved: new Set(places) }))
}
