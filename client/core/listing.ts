/** The list of channels: what wants to be read, in which order it stands, and what comes next of it. */
import { GENERAL } from "./contract.ts"
import type { Channel } from "./protocol.ts"

/** Somebody who is not notified of a channel at all has muted it: only what is said to them calls them there. */
export const isMuted = ({ notify }: Pick<Channel, "notify">) => notify === "none"

/** Whether a channel has something to read for somebody who has not muted it. */
export function calls(channel: Pick<Channel, "notify" | "unread" | "mentions">): boolean {
  return channel.mentions > 0 || (channel.unread > 0 && !isMuted(channel))
}

/** Everybody's channel, others by name, then conversations, the newest first; `first` stand before all of these. */
export function inOrder(
  channels: readonly Channel[],
  language: string,
  first: ReadonlySet<string> = new Set(),
): readonly Channel[] {
  const rank = ({ id, kind }: Channel) => (first.has(id) ? 0 : 4) + (kind === "direct" ? 2 : id === GENERAL ? 0 : 1)
  return channels.toSorted(
    (a, b) =>
      rank(a) - rank(b) || (a.kind === "direct" && b.last_at - a.last_at) || a.name.localeCompare(b.name, language),
  )
}

/** An order that somebody is pointing at: it stays, and what has come since stands at its end. */
export function asBefore(channels: readonly Channel[], before: readonly string[]): readonly Channel[] {
  const places = new Map(before.map((id, place) => [id, place]))
  const place = ({ id }: Channel) => places.get(id) ?? before.length
  return channels.toSorted((a, b) => place(a) - place(b))
}

/** What stands first: what wants to be read. The channel that is open stays where it was when it was opened. */
export function firstOf(
  channels: readonly Channel[],
  current: string,
  before: ReadonlySet<string>,
): ReadonlySet<string> {
  const first = channels.filter((channel) => (channel.id === current ? before.has(current) : calls(channel)))
  return new Set(first.map(({ id }) => id))
}

/** The next channel with something to read after the one that is open, around the end; null: there is nothing to read. */
export function nextUnread(
  listed: readonly string[],
  channels: Readonly<Record<string, Channel>>,
  current: string,
  step: 1 | -1 = 1,
): string | null {
  const at = listed.indexOf(current)
  const others = at < 0 ? listed : [...listed.slice(at + 1), ...listed.slice(0, at)]
  const unread = others.filter((id) => {
    const channel = channels[id]
    return channel !== undefined && calls(channel)
  })
  return unread.at(step === 1 ? 0 : -1) ?? null
}
