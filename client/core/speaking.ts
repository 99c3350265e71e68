/** Writing, changing and taking back messages. */
import type { OutgoingFile } from "./files/types.ts"
import type { Hub, Removal } from "./hub.ts"
import type { Said } from "./protocol.ts"
import { withTimeline } from "./room.ts"
import { amend, held } from "./timeline.ts"

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
  /** False if the server would not have it: what was there before is shown again. */
  edit(message: Said, body: string, mentions: readonly string[]): Promise<boolean>
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
  const pendingRemovals = new Map<string, () => void>()
  let typedAt = 0

  const setRemoving = (id: string, stage: Removal | null) =>
    store.update((state) => {
      const removing = new Map(state.removing)
      if (stage === null) removing.delete(id)
      else removing.set(id, stage)
      return { ...state, removing }
    })

  const finishRemoval = (id: string) => {
    pendingRemovals.get(id)?.()
    pendingRemovals.delete(id)
    setRemoving(id, "sent")
    void hub.attempt(requests.ask({ type: "delete", id })).then(() => setRemoving(id, null))
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
    edit: async (message, body, mentions) => {
      const { id, channel } = message
      const show = (shown: Said) =>
        changeRoom((room) =>
          withTimeline(room, channel, (timeline) =>
            amend(timeline, {
              kind: "edit",
              seq: 0,
              id,
              channel,
              body: shown.body,
              edited_at: shown.edited_at ?? 0,
              by: room.me.id,
              mentions: shown.mentions,
            }),
          ),
        )
      show({ ...message, body, mentions, edited_at: clock.now() })
      const done = await hub.attempt(requests.ask({ type: "edit", id, body, mentions }))
      const now = held(store.get().room.timelines[channel], id)
      // A later change stands.
      if (!done && now?.state === "said" && now.body === body) show(message)
      return done
    },
    remove: ({ id }) => {
      setRemoving(id, "undoable")
      pendingRemovals.set(
        id,
        clock.after(UNDO_MS, () => finishRemoval(id)),
      )
    },
    undo: (id) => {
      pendingRemovals.get(id)?.()
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
      void hub.attempt(requests.ask({ type: "react", id: message.id, emoji, on })).then((done) => {
        if (!done) show(!on)
      })
    },
    type: (channel) => {
      if (clock.now() - typedAt < TYPING_EVERY_MS) return
      typedAt = clock.now()
      hub.send({ type: "typing", channel })
    },
  }
}
