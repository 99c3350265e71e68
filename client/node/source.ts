/** A room as an export is made from, for tools: core/archive/source.ts over a socket of Node's. */

import type { Source } from "../core/archive/source.ts"
import { createFetching } from "../core/files/fetching.ts"
import type { Place } from "./address.ts"
import type { Entered } from "./entering.ts"
import type { RoomLine } from "./line.ts"
import type { NodePorts } from "./ports.ts"

export function sourceOf({ origin, room }: Place, ports: NodePorts, { facts }: Entered, line: RoomLine): Source {
  const { member, channels, members, former_members, retention_days } = line.welcome
  return {
    room,
    title: facts.title,
    origin,
    me: member,
    retention_days,
    channels,
    members,
    former: former_members,
    now: ports.clock.now,
    ask: line.requests.ask,
    chunks: createFetching({ ports, requests: line.requests, room }).chunks,
    wait: (ms) => new Promise((resolve) => ports.clock.after(ms, () => resolve())),
  }
}
