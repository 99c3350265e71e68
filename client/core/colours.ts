/** One of twelve colours for each member: the server gives them in the order in which people join (styles/colors.css). */
import type { Member } from "./protocol.ts"

export const COLOURS = 12

type Members = Readonly<Record<string, Member>>
/** By the list of members, which is another object after each change. */
const known = new WeakMap<Members, ReadonlyMap<string, Member>>()

/** The member with this name. */
export function memberNamed(members: Members, name: string): Member | undefined {
  let named = known.get(members)
  if (named === undefined) {
    named = new Map(Object.values(members).map((member) => [member.name, member]))
    known.set(members, named)
  }
  return named.get(name)
}

/** The colour of a member with this name; a name that is nobody's gets one by its first letter. */
export function colourOf(member: Member | undefined, name: string): number {
  return (member?.hue ?? name.codePointAt(0) ?? 0) % COLOURS
}
