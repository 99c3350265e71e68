/** Tells of what comes while the chat is open in a tab: by a sound, and where nobody looks by a notice as those that are pushed. */
import { isOn, showsNotices } from "../browser/inTab.ts"
import { isLookedAt, lookAt, whereNobodyLooks } from "../browser/looking.ts"
import type { Chat } from "../core/chat.ts"
import { heardBetween } from "../core/heard.ts"
import type { ChatState } from "../core/hub.ts"
import { plainText } from "../core/markdown.ts"
import type { Shelf } from "../core/ports.ts"
import type { Channel } from "../core/protocol.ts"
import { nameOf } from "../core/room.ts"
import type { Language } from "../i18n/translate.ts"
import { chime } from "./chime.ts"
import { isSubscribed } from "./device.ts"
import type { News } from "./notification.ts"
import { show } from "./shown.ts"

interface Tab {
  readonly room: string
  readonly title: string
  readonly shelf: Shelf
  readonly language: Language
  /** The member is not to be disturbed. */
  readonly isQuiet: () => boolean
}

let turn: Promise<unknown> = Promise.resolve()

/** Tells of what the chat hears from now on, until the result is called. */
export function tellOfNews({ store }: Pick<Chat, "store">, tab: Tab): () => void {
  let before = store.get()
  const stopLooking = lookAt(tab.room)
  const stop = store.subscribe(() => {
    const after = store.get()
    const wasLive = [before, after].every(({ connection }) => connection.status === "live")
    // What a welcome brings was said while this page was not there, or before.
    const last = wasLive ? heardBetween(before.room, after.room).at(-1) : undefined
    const former = before.room.channels[last?.id ?? ""]
    before = after
    if (last === undefined || tab.isQuiet()) return
    tell(newsOf(after, last, last.mentions > (former?.mentions ?? 0), tab), after.room.me.id, tab)
  })
  return () => {
    stop()
    stopLooking()
  }
}

/** Each tab waits for its own news, and all but one leave it to that one. */
function tell(news: News, member: string, tab: Tab): void {
  if (!isLookedAt()) {
    turn = turn.then(() => whereNobodyLooks(tab.room, () => tellAway(news, member, tab))).catch(() => undefined)
  } else if (isOn(tab.shelf, "sound")) {
    chime()
  }
}

async function tellAway(news: News, member: string, { shelf, language }: Tab): Promise<void> {
  // What is pushed to this device tells of it, with the sound that the system gives it.
  if (await isSubscribed(news.room, member)) return
  if (isOn(shelf, "sound")) chime()
  if (!showsNotices(shelf)) return
  const registration = await navigator.serviceWorker?.getRegistration()
  // Its sound is the tab's own, or none.
  if (registration !== undefined) await show(registration, news, language, { silent: true })
}

function newsOf(
  { room }: ChatState,
  { id, name, kind, last_seq, unread }: Channel,
  isMention: boolean,
  tab: Tab,
): News {
  const timeline = room.timelines[id]
  const newest = (timeline?.present ?? timeline)?.messages.at(-1)
  const message = newest?.state === "said" && newest.seq === last_seq ? newest : null
  const files = message?.files ?? []
  return {
    type: "message",
    reason: isMention ? "mention" : "message",
    room: tab.room,
    title: tab.title,
    channel: id,
    channel_name: kind === "direct" ? "" : name,
    seq: last_seq,
    sender: message === null ? null : nameOf(room, message.author),
    text: message === null ? "" : plainText(message.body),
    files: files.length,
    pictures: files.filter(({ type }) => type.startsWith("image/")).length,
    count: Math.max(1, unread),
    unread: null,
    tag: `${tab.room}/${id}`,
  }
}
