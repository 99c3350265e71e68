/** What a member chooses of a channel for themselves: what to be notified of, whether it stands at the top, what is unread. */
import type { Chat } from "./chat.ts"
import type { Level } from "./protocol.ts"
import { markChosen } from "./room.ts"

type Chooser = Pick<Chat, "store" | "change" | "showNotice">

export async function chooseLevel(
  { store, change, showNotice }: Chooser,
  channel: string,
  level: Level,
): Promise<void> {
  const refusal = await change({ type: "notify", channel, level })
  if (refusal !== null) return showNotice(refusal)
  store.update((state) => ({ ...state, room: markChosen(state.room, channel, { notify: level }) }))
}

export async function star({ store, change, showNotice }: Chooser, channel: string, on: boolean): Promise<void> {
  const refusal = await change({ type: "star", channel, on })
  if (refusal !== null) return showNotice(refusal)
  store.update((state) => ({ ...state, room: markChosen(state.room, channel, { starred: on }) }))
}

/** A message and what follows it is to be read again. */
export async function markUnread(
  { change, showNotice }: Chooser,
  { channel, seq }: { readonly channel: string; readonly seq: number },
): Promise<void> {
  const refusal = await change({ type: "unread", channel, seq })
  if (refusal !== null) showNotice(refusal)
}
