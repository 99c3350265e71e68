/** For whom an export is: our own format, or the one in which Slack exports, which others read. */
import { partsOfSlack } from "./slack.ts"
import type { Source } from "./source.ts"
import { type Part, partsOf, type Wanted, type Watch } from "./writer.ts"

export const FLAVOURS = ["own", "slack"] as const
export type Flavour = (typeof FLAVOURS)[number]

export function partsIn(flavour: Flavour, source: Source, wanted: Wanted, watch: Watch): AsyncGenerator<Part, void> {
  return flavour === "slack" ? partsOfSlack(source, wanted, watch) : partsOf(source, wanted, watch)
}
