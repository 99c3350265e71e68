/** Changing what one has written. Few do it at any visit, so it is downloaded with the field for it (ui/message/MessageEditor.tsx). */
import type { Chat } from "./chat.ts"
import type { Said } from "./protocol.ts"
import { withTimeline } from "./room.ts"
import { amend, held } from "./timeline.ts"

/** Shows the new text at once. False if the server would not have it: what was there before is shown again. */
export async function edit(
  { store, clock, change, showNotice }: Pick<Chat, "store" | "clock" | "change" | "showNotice">,
  message: Said,
  body: string,
  mentions: readonly string[],
): Promise<boolean> {
  const { id, channel } = message
  const show = (shown: Said) =>
    store.update((state) => ({
      ...state,
      room: withTimeline(state.room, channel, (timeline) =>
        amend(timeline, {
          kind: "edit",
          seq: 0,
          id,
          channel,
          body: shown.body,
          edited_at: shown.edited_at ?? 0,
          by: state.room.me.id,
          mentions: shown.mentions,
        }),
      ),
    }))
  show({ ...message, body, mentions, edited_at: clock.now() })
  const refusal = await change({ type: "edit", id, channel, body, mentions })
  if (refusal === null) return true
  showNotice(refusal)
  const now = held(store.get().room.timelines[channel], id)
  // A later change stands.
  if (now?.state === "said" && now.body === body) show(message)
  return false
}
