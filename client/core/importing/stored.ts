/** Which messages a channel has already: so that nothing is read, sealed or uploaded for them again. */
import type { Room } from "./room.ts"

const PAGE = 100

/** The ids of all messages of a channel, page by page. */
export async function* pagesOf(
  room: Room,
  channel: string,
  signal: AbortSignal,
): AsyncGenerator<readonly string[], void> {
  for (let after = 0, more = true; more; ) {
    const page = await room.ask({ type: "history", channel, after, limit: PAGE })
    signal.throwIfAborted()
    if (page.type !== "history") return
    yield page.messages.map(({ id }) => id)
    after = page.messages.at(-1)?.seq ?? after
    more = page.more && page.messages.length > 0
  }
}
