/** Choosing what to be notified of in a channel: downloaded with the dialog for it (ui/dialogs/NotifyDialog.tsx). */
import type { Chat } from "./chat.ts"
import type { Level } from "./protocol.ts"
import { markLevel } from "./room.ts"

export async function chooseLevel(
  { store, change, showNotice }: Pick<Chat, "store" | "change" | "showNotice">,
  channel: string,
  level: Level,
): Promise<void> {
  const refusal = await change({ type: "notify", channel, level })
  if (refusal !== null) return showNotice(refusal)
  store.update((state) => ({ ...state, room: markLevel(state.room, channel, level) }))
}
