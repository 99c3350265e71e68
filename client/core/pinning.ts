/** Pins a message for everybody in its channel, or no longer. */
import type { Chat } from "./chat.ts"
import type { Message } from "./protocol.ts"

export async function setPinned(
  chat: Pick<Chat, "change" | "showNotice">,
  { id, channel }: Pick<Message, "id" | "channel">,
  on: boolean,
): Promise<void> {
  const refusal = await chat.change({ type: "pin", id, channel, on })
  if (refusal !== null) chat.showNotice(refusal === "limit_reached" ? "pins_full" : refusal)
}
