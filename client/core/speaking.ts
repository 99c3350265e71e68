/** Writing, taking back and reacting to messages; editing.ts changes them. */
import type { OutgoingFile } from "./files/types.ts"
import type { Hub, Removal } from "./hub.ts"
import type { Said } from "./protocol.ts"
import { withTimeline } from "./room.ts"
import { amend } from "./timeline.ts"

const UNDO_MS = 6_000
const TYPING_EVERY_MS = 3_000

export interface Draft {
  readonly body: string
  readonly mentions: readonly string[]
  readonly replyTo: ReplyTarget | null
  readonly files?: readonly OutgoingFile[]
}

export type ReplyTarget = Pick<Said, "id" | "seq">

export interface Speaking {
  say(channel: string, draft: Draft): void
  retry(id: string): void
  discard(id: string): void
  /** Deletes in a moment, so that there is time to undo it. */
  remove(message: Said): void
  undo(id: string): void
  /** The page is going away: what was to be deleted is deleted now. */
  flush(): void
  react(message: Said, emoji: string): void
  type(channel: string): void
}

export function createSpeaking(hub: Hub): Speaking {
  const { store, ports, requests, outbox, changeRoom } = hub
  const { clock } = ports
  /** By message: its channel, and what calls it off. */
  const pendingRemovals = new Map<string, { readonly channel: string; readonly stop: () => void }>()
  let typedAt = 0
  let typedIn = ""

  const setRemoving = (id: string, stage: Removal | null) =>
    store.update((state) => {
      const removing = new Map(state.removing)
      if (stage === null) removing.delete(id)
      else removing.set(id, stage)
      return { ...state, removing }
    })

  const finishRemoval = (id: string) => {
    const pending = pendingRemovals.get(id)
    if (pending === undefined) return
    pending.stop()
    pendingRemovals.delete(id)
    setRemoving(id, "sent")
    void hub.attempt(requests.ask({ type: "delete", id, channel: pending.channel })).then(() => setRemoving(id, null))
  }

  return {
    say: (channel, { body, mentions, replyTo, files }) => {
      void outbox.add({
        id: ports.uuid(),
        channel,
        body,
        created_at: clock.now(),
        owner: ports.tabs.own,
        failed: null,
        ...(files === undefined ? {} : { files }),
        ...(mentions.length === 0 ? {} : { mentions }),
        ...(replyTo === null ? {} : { reply_to: replyTo.id, reply_seq: replyTo.seq }),
      })
    },
    retry: outbox.retry,
    discard: outbox.discard,
    remove: ({ id, channel }) => {
      setRemoving(id, "undoable")
      pendingRemovals.set(id, { channel, stop: clock.after(UNDO_MS, () => finishRemoval(id)) })
    },
    undo: (id) => {
      pendingRemovals.get(id)?.stop()
      if (pendingRemovals.delete(id)) setRemoving(id, null)
    },
    flush: () => {
      for (const id of [...pendingRemovals.keys()]) finishRemoval(id)
    },
    react: (message, emoji) => {
      const me = store.get().room.me.id
      const on = !(message.reactions[emoji] ?? []).includes(me)
      const show = (state: boolean) =>
        changeRoom((room) =>
          withTimeline(room, message.channel, (timeline) =>
            amend(timeline, {
              kind: "reaction",
              seq: 0,
              id: message.id,
              channel: message.channel,
              emoji,
              by: me,
              on: state,
            }),
          ),
        )
      show(on)
      void hub
        .attempt(requests.ask({ type: "react", id: message.id, channel: message.channel, emoji, on }))
        .then((done) => {
          if (!done) show(!on)
        })
    },
    type: (channel) => {
      if (channel === typedIn && clock.now() - typedAt < TYPING_EVERY_MS) return
      typedAt = clock.now()
      typedIn = channel
      hub.send({ type: "typing", channel })
    },
  }
}
