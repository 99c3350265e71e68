/** What an export is made from: a room as one member sees it. The page has one, and so have tools. */
import type { FileInfo } from "../files/types.ts"
import type { Channel, Member, Message, Request } from "../protocol.ts"
import { Refused, type Result } from "../requests.ts"
import { ownName } from "./records.ts"

export interface Source {
  readonly room: string
  readonly title: string
  /** `https://chat.example` */
  readonly origin: string
  readonly me: Pick<Member, "id" | "name">
  readonly retention_days: number | null
  readonly channels: readonly Channel[]
  readonly members: readonly Pick<Member, "id" | "name" | "role">[]
  readonly former: readonly Pick<Member, "id" | "name">[]
  now(): number
  /** @throws Refused */
  ask(request: Request): Promise<Result>
  /** @throws NotFetched */
  chunks(file: FileInfo, signal: AbortSignal): AsyncGenerator<readonly ArrayBuffer[], void>
  /** Resolves after so many milliseconds. */
  wait(ms: number): Promise<void>
}

/** As many messages as the room gives at once. */
const PAGE = 100

/**
 * The messages of a channel, oldest first and page by page, up to the newest one that it had at first: what is said
 * meanwhile belongs to the next export. Ends early if the channel goes.
 */
export async function* pagesOf(
  { ask }: Source,
  channel: Channel,
  signal: AbortSignal,
): AsyncGenerator<readonly Message[], void> {
  const newest = channel.last_seq
  for (let after = 0, more = newest > 0; more; ) {
    const page = await answerTo(ask, { type: "history", channel: channel.id, after, limit: PAGE })
    signal.throwIfAborted()
    if (page?.type !== "history") return
    const messages = page.messages.filter(({ seq }) => seq <= newest)
    if (messages.length > 0) yield messages
    after = page.messages.at(-1)?.seq ?? newest
    more = page.more && after < newest
  }
}

/** Null: there is no such channel any more. */
async function answerTo(ask: Source["ask"], request: Request): Promise<Result | null> {
  try {
    return await ask(request)
  } catch (error) {
    if (error instanceof Refused && error.code === "not_found") return null
    throw error
  }
}

/** The channels of an export, always in the same order. */
export function channelsOf({ channels }: Source, scope: "open" | "seen"): readonly Channel[] {
  const kinds = ["open", "private", "direct"]
  return channels
    .filter(({ kind }) => scope === "seen" || kind === "open")
    .sort(
      (a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || compare(ownName(a), ownName(b)) || compare(a.id, b.id),
    )
}

/** By UTF-16 units: the same everywhere, other than by a language. */
export const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b))
