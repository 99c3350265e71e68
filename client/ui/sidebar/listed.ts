/** The channels as the list has them now, and the way along them. What is folded away is not among them. */
import type { Chat } from "../../core/chat.ts"
import { nextUnread } from "../../core/listing.ts"

export type Way = 1 | -1

function listedChannels(): readonly string[] {
  const items = document.querySelectorAll<HTMLElement>(".channel-list [data-channel]")
  return [...items].map(({ dataset }) => dataset["channel"] ?? "")
}

export function goToNeighbour(chat: Chat, by: Way): void {
  const listed = listedChannels()
  const at = listed.indexOf(chat.store.get().opened?.channel ?? "")
  const next = listed[(at + by + listed.length) % listed.length]
  if (next !== undefined) chat.open(next)
}

export function goToUnread(chat: Chat, by: Way): void {
  const { room, opened } = chat.store.get()
  const next = nextUnread(listedChannels(), room.channels, opened?.channel ?? "", by)
  if (next === null) chat.showNotice("all_read")
  else chat.open(next)
}
