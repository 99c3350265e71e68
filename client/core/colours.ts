/**
 * One colour for each member, the same in every window: the one that their name asks for, or the next that nobody who
 * joined before has. From the thirteenth member on some share one.
 */
import type { Member } from "./protocol.ts"

export const COLOURS = 12

type Members = Readonly<Record<string, Member>>
/** By the list of members, which is another object after each change. */
const known = new WeakMap<Members, ReadonlyMap<string, number>>()

/** Members stand in the order in which they joined; a name that is not among them gets what it asks for. */
export function colourIn(members: Members, name: string): number {
  let colours = known.get(members)
  if (colours === undefined) {
    colours = assign(Object.values(members).map((member) => member.name))
    known.set(members, colours)
  }
  return colours.get(name) ?? wanted(name)
}

function assign(names: readonly string[]): ReadonlyMap<string, number> {
  const colours = new Map<string, number>()
  const taken = new Set<number>()
  for (const name of names) {
    let colour = wanted(name)
    while (taken.size < COLOURS && taken.has(colour)) colour = (colour + 1) % COLOURS
    taken.add(colour)
    colours.set(name, colour)
  }
  return colours
}

function wanted(name: string): number {
  let sum = 0
  for (const character of name.toLowerCase()) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973
  return sum % COLOURS
}
