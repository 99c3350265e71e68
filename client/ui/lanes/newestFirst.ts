/** The order of conversations: where somebody wrote last comes first. */
import type { Channel } from "../../core/protocol.ts"
import { isLane } from "../../core/room.ts"
import { inOrder } from "../sidebar/ChannelList.tsx"

export function newestFirst(channels: readonly Channel[]): readonly Channel[] {
  return channels.toSorted((a, b) => b.last_at - a.last_at)
}

/** All that are not put away, as the sidebar has them. */
export function asListed(channels: readonly Channel[], language: string): readonly Channel[] {
  const all = inOrder(channels, language).filter(({ archived }) => !archived)
  const open = all.filter((channel) => !isLane(channel))
  const closed = all.filter(({ kind }) => kind === "private")
  return [...open, ...closed, ...newestFirst(all.filter(({ kind }) => kind === "direct"))]
}
