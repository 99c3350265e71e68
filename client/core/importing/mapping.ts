/**
 * Who is who: each person of a source is a member here, or becomes a former one.
 *
 * Somebody is a member here if the operator says so, if the ids are the same (an export of this very room), or if exactly one
 * person there and one member here have the name. All others become former members, with an id that follows from the source:
 * a repeated import finds them again.
 */

import { compare } from "../archive/source.ts"
import { toBase64url } from "../encoding.ts"
import { folded } from "./folding.ts"
import { personName } from "./naming.ts"
import type { Here } from "./room.ts"
import type { ImportSource } from "./source.ts"

export interface Mapped {
  readonly key: string
  /** As the source has it. */
  readonly name: string
  /** The id here, and the name under which it is shown here. */
  readonly id: string
  readonly shown: string
  /** `former`: is one already; `new`: becomes one with the first message. */
  readonly as: "member" | "former" | "new"
}

export interface Mapping {
  /** Somebody of whom the source has nothing but a key becomes a former member as well. */
  of(key: string): Promise<Mapped>
  readonly all: readonly Mapped[]
}

/** By the folded name of the source: a name here, or "" for a former member. */
export type Overrides = ReadonlyMap<string, string>

/** What an operator has said cannot be done; the message says why. */
export class Unmappable extends Error {
  override readonly name = "Unmappable"
}

const ID = /^[A-Za-z0-9_-]{1,64}$/
const ID_BYTES = 9

type Source = Pick<ImportSource, "flavour" | "people">

/** @throws Unmappable if the overrides name somebody who is not there, on either side. */
export async function mapPeople(
  source: Source,
  here: Here,
  overrides: Overrides,
  subtle: SubtleCrypto,
): Promise<Mapping> {
  const names = counted(source.people.map(({ name }) => folded(name)))
  const members = here.members.filter(({ role }) => role !== "bot")
  const namesHere = counted(members.map(({ name }) => folded(name)))
  const byName = new Map(members.map((member) => [folded(member.name), member]))
  const former = new Map(here.former_members.map((member) => [member.id, member]))
  const byId = new Map(here.members.map((member) => [member.id, member]))
  for (const [there, name] of overrides) {
    if (!names.has(there)) throw new Unmappable(`Nobody in the file is called "${there}".`)
    if (name !== "" && namesHere.get(folded(name)) !== 1) throw new Unmappable(`No member here is called "${name}".`)
  }

  const memberFor = (key: string, name: string) => {
    const said = overrides.get(folded(name))
    if (said !== undefined) return said === "" ? undefined : byName.get(folded(said))
    const same = source.flavour === "own" ? byId.get(key) : undefined
    if (same !== undefined) return same
    const isOne = names.get(folded(name)) === 1 && namesHere.get(folded(name)) === 1
    return isOne ? byName.get(folded(name)) : undefined
  }
  const map = async (key: string, name: string): Promise<Mapped> => {
    const member = memberFor(key, name)
    if (member !== undefined) return { key, name, id: member.id, shown: member.name, as: "member" }
    const id = await idOf(source.flavour, key, byId, subtle)
    const known = former.get(id)
    const shown = known?.name ?? personName(name, key)
    return { key, name, id, shown, as: known === undefined ? "new" : "former" }
  }

  const all: Mapped[] = []
  const byKey = new Map<string, Mapped>()
  const add = (mapped: Mapped) => {
    byKey.set(mapped.key, mapped)
    all.push(mapped)
    return mapped
  }
  for (const { key, name } of [...source.people].sort((a, b) => compare(a.key, b.key))) add(await map(key, name))
  /** Whom the source meets while it is read. */
  const nameOf = (key: string) => source.people.find((person) => person.key === key)?.name ?? key
  return { all, of: async (key) => byKey.get(key) ?? add(await map(key, nameOf(key))) }
}

function counted(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

/** Our own ids stay, so that two exports of one room name the same people; but nobody gets the id of a member who is meant to be somebody else. */
async function idOf(flavour: string, key: string, members: ReadonlyMap<string, unknown>, subtle: SubtleCrypto) {
  if (flavour === "own" && ID.test(key) && !members.has(key)) return key
  const digest = await subtle.digest("SHA-256", new TextEncoder().encode(`durable-chat person\n${flavour}\n${key}`))
  return toBase64url(new Uint8Array(digest).subarray(0, ID_BYTES))
}
