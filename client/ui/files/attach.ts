/** From the picker into the composer, and from the composer into messages. */
import type { Chat } from "../../core/chat.ts"
import type { Files } from "../../core/files/types.ts"
import type { Draft } from "../../core/speaking.ts"
import { isEmpty } from "../../core/visible.ts"
import { createWatched, type Watched } from "../../core/watched.ts"
import { onGlass } from "../composer/isSendKey.ts"
import { filesOf } from "./engine.ts"

/** Takes files into the composer of a channel. */
export function attach(chat: Chat, channel: string, picked: readonly File[]): void {
  if (picked.length === 0) return
  void filesOf(chat).then(({ attachments }) => attachments.pick(channel, picked))
  // On glass a field would bring the keyboard up.
  if (!onGlass.matches) document.querySelector<HTMLElement>(".composer__text")?.focus()
}

const sending = new WeakMap<Chat, Watched<ReadonlySet<string>>>()

/** Channels whose files go as soon as they are prepared. */
export function sendingOf(chat: Chat): Watched<ReadonlySet<string>> {
  const known = sending.get(chat) ?? createWatched<ReadonlySet<string>>(new Set(), chat.clock)
  sending.set(chat, known)
  return known
}

/**
 * Sends what waits in a composer, text and files, once all of it is prepared: as several messages, if there are more files
 * than one may have. Nothing goes while a file is there that cannot be sent.
 *
 * @param draftOf makes a message of what is written by then.
 */
export async function sendFiles(chat: Chat, channel: string, draftOf: (text: string) => Draft): Promise<void> {
  const under = sendingOf(chat)
  if (under.get().has(channel)) return
  const { attachments } = await filesOf(chat)
  if (hasFailed(attachments, channel)) return
  under.update((channels) => new Set([...channels, channel]))
  try {
    await prepared(attachments, channel)
    if (hasFailed(attachments, channel)) return
    const files = await attachments.take(channel)
    const draft = draftOf(chat.notes.get(`draft:${channel}`))
    // Another tab may have sent or removed them.
    if (files.length === 0 && !isEmpty(draft.body)) chat.say(channel, draft)
    const { limits } = chat.store.get().room
    for (let at = 0; at < files.length; at += limits.files) {
      const some = files.slice(at, at + limits.files)
      chat.say(channel, at === 0 ? { ...draft, files: some } : { body: "", mentions: [], replyTo: null, files: some })
    }
    for (const note of ["draft", "reply"]) chat.notes.set(`${note}:${channel}`, "")
    if (chat.store.get().opened?.channel === channel) chat.toNewest()
  } finally {
    under.update((channels) => new Set([...channels].filter((each) => each !== channel)))
  }
}

type Attachments = Files["attachments"]

const hasFailed = ({ store }: Attachments, channel: string) =>
  store.get()[channel]?.some(({ stage }) => stage === "failed") ?? false

function prepared({ store }: Attachments, channel: string): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (store.get()[channel]?.some(({ stage }) => stage === "preparing")) return
      stop()
      resolve()
    }
    const stop = store.subscribe(look)
    look()
  })
}
