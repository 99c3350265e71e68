/**
 * What stands in the page as data (core/archive/page.ts). The messages of a channel are read when somebody opens or searches it:
 * a page with a hundred thousand of them opens at once.
 */

import type { ChannelRecord, Manifest, MemberRecord, MessageRecord } from "../core/archive/records.ts"
import type { ArchiveWord } from "../core/archive/words.ts"

export interface Facts {
  readonly words: Readonly<Record<ArchiveWord, string>>
  readonly made: Omit<Manifest, "parts">
  readonly members: readonly MemberRecord[]
  readonly channels: readonly ChannelRecord[]
  /** Files that are not here. */
  readonly missing: readonly string[]
  /** Files that a browser may take for pages. */
  readonly pages: readonly string[]
}

const blocksOf = (name: string) => [...document.querySelectorAll(`script[data-block="${name}"]`)]

// as: written by core/archive/writer.ts, together with this page.
export const readFacts = () => JSON.parse(blocksOf("facts")[0]?.textContent ?? "{}") as Facts

/** Block by block, so that a search can stop and the page stays awake. */
export function* messagesOf(channel: number): Generator<readonly MessageRecord[]> {
  for (const block of blocksOf(`m${channel}`)) {
    const lines = (block.textContent ?? "").split("\n").filter((line) => line !== "")
    // as: the same.
    yield lines.map((line) => JSON.parse(line) as MessageRecord)
  }
}
