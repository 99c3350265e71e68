/** What admins see of private channels that they are not in (docs/protocol.md, "Lanes"): only their list needs it. */
import { number, object, orNull, type Shaped, text } from "./shape.ts"

const shape = object({
  id: text,
  name: text,
  members: number,
  /** A day, "2026-11-29"; null: nobody has said anything. */
  active_on: orNull(text),
  bytes: number,
})
export type PrivateChannel = Shaped<typeof shape>

/** Throws `Misshapen` if one is damaged. */
export function privateChannelsIn(given: readonly unknown[]): readonly PrivateChannel[] {
  return given.map((each) => shape(each, "lane"))
}
