/** One of twelve colours for each member: the server gives them in the order in which people join (styles/colors.css). */
import type { Member } from "./protocol.ts"

export const COLOURS = 12

type Members = Readonly<Record<string, Member>>
/** By the list of members, which is another object after each change. */
const known = new WeakMap<Members, ReadonlyMap<string, number>>()

/** The colour of the member with this name; a name that is not among them gets one by its first letter. */
export function colourIn(members: Members, name: string): number {
  let colours = known.get(members)
  if (colours === undefined) {
    colours = new Map(Object.values(members).map((member) => [member.name, member.hue % COLOURS]))
    known.set(members, colours)
  }
  return colours.get(name) ?? (name.codePointAt(0) ?? 0) % COLOURS
}
