/** Which channel here each place of a source goes to: one that is there and empty, one that is made, or none. */
import type { Channel } from "../protocol.ts"
import { Refused } from "../requests.ts"
import { folded } from "./folding.ts"
import { type Mapped, type Mapping, Unmappable } from "./mapping.ts"
import { placeName } from "./naming.ts"
import type { Here, Room } from "./room.ts"
import type { Place } from "./source.ts"

export const REFUSALS = ["written", "alike", "unsecured", "not_in_it", "conversation", "channels", "forbidden"] as const
/** Why a place cannot be taken. */
export type Refusal = (typeof REFUSALS)[number]

export type Target =
  | { readonly do: "use"; readonly channel: Channel }
  | {
      readonly do: "make"
      readonly kind: "open" | "private"
      readonly name: string
      readonly topic: string
      readonly members: readonly string[]
    }
  | { readonly do: "converse"; readonly members: readonly string[] }
  | { readonly do: "refuse"; readonly why: Refusal }

export interface Wanted {
  /** By the folded name of the source: what the channel is called here. */
  readonly channels: ReadonlyMap<string, string>
  /** Conversations that cannot be conversations here become private channels. */
  readonly directAsPrivate: boolean
}

const MOST_CHANNELS = 500
const MOST_OTHERS = 8
const MOST_IN_LANE = 200

/**
 * The targets of all places, in their order. Asks the room whether others have written in what is there.
 *
 * @throws Unmappable if it is said where a channel goes that is not in the file.
 */
export async function chooseTargets(
  places: readonly Place[],
  mapping: Mapping,
  room: Room,
  wanted: Wanted,
): Promise<ReadonlyMap<Place, Target>> {
  const names = new Set(places.map(({ name }) => folded(name)))
  for (const there of wanted.channels.keys()) {
    if (!names.has(there)) throw new Unmappable(`No channel in the file is called "${there}".`)
  }
  const chosen = new Map<Place, Target>()
  const taken = new Set<string>()
  let open = room.here().channels.filter(({ kind }) => kind === "open").length
  for (const place of places) {
    const people = await Promise.all(place.people.map((key) => mapping.of(key)))
    let target = targetOf(place, people, room.here(), wanted)
    const own =
      target.do === "use" ? target.channel.id : target.do === "make" ? `${target.kind} ${folded(target.name)}` : ""
    if (own !== "" && taken.has(own)) target = { do: "refuse", why: "alike" }
    if (target.do === "use" && (await isWritten(target.channel, room))) target = { do: "refuse", why: "written" }
    if (target.do === "make" && target.kind === "open" && ++open > MOST_CHANNELS)
      target = { do: "refuse", why: "channels" }
    if (target.do !== "refuse") taken.add(own)
    chosen.set(place, target)
  }
  return chosen
}

function targetOf(place: Place, people: readonly Mapped[], here: Here, wanted: Wanted): Target {
  if (place.kind === "direct") return conversationOf(place, people, here, wanted)
  const same = here.channels.find(({ id, kind }) => id === place.key && kind === place.kind)
  const renamed = wanted.channels.get(folded(place.name))
  const name = placeName(renamed ?? place.name, place.key)
  const found = renamed === undefined ? same : undefined
  const there = found ?? here.channels.find((each) => each.kind === place.kind && folded(each.name) === folded(name))
  if (there !== undefined) return used(there, here)
  if (place.kind === "open") return { do: "make", kind: "open", name, topic: place.topic, members: [] }
  return privateOf(name, place.topic, people, here)
}

const used = (channel: Channel, here: Here): Target =>
  channel.kind === "open" || channel.members.includes(here.member.id)
    ? { do: "use", channel }
    : { do: "refuse", why: "not_in_it" }

/** With those who are members here and whose names are secured. */
function privateOf(name: string, topic: string, people: readonly Mapped[], here: Here): Target {
  if (!isSecured(here, here.member.id)) return { do: "refuse", why: "unsecured" }
  const members = membersAmong(people).filter((id) => id !== here.member.id && isSecured(here, id))
  return { do: "make", kind: "private", name, topic, members: members.slice(0, MOST_IN_LANE - 1) }
}

function conversationOf(place: Place, people: readonly Mapped[], here: Here, wanted: Wanted): Target {
  const ids = membersAmong(people)
  const others = ids.filter((id) => id !== here.member.id)
  const areAllHere = people.every(({ as }) => as === "member") && ids.includes(here.member.id)
  const mayTalk = [here.member.id, ...others].every((id) => isSecured(here, id)) && isAllowed(others, here)
  if (areAllHere && mayTalk && others.length <= MOST_OTHERS) {
    const there = here.channels.find(({ kind, members }) => kind === "direct" && sameSet(members, ids))
    if (there !== undefined) return { do: "use", channel: there }
    return { do: "converse", members: others.length === 0 ? [here.member.id] : others }
  }
  if (!wanted.directAsPrivate) return { do: "refuse", why: "conversation" }
  const names = people.map(({ shown }) => shown).sort()
  const name = placeName(place.name === "" ? names.join(", ") : place.name, place.key)
  const known = here.channels.find((each) => each.kind === "private" && folded(each.name) === folded(name))
  return known === undefined ? privateOf(name, "", people, here) : used(known, here)
}

const membersAmong = (people: readonly Mapped[]): readonly string[] => [
  ...new Set(people.filter(({ as }) => as === "member").map(({ id }) => id)),
]

function isSecured(here: Here, id: string): boolean {
  if (id === here.member.id && here.member.secured) return true
  return here.members.some((member) => member.id === id && member.secured)
}

/** By the setting DIRECT_MESSAGES; whoever imports is an admin. */
function isAllowed(others: readonly string[], here: Here): boolean {
  return others.length === 0 || here.direct_messages !== "off"
}

const sameSet = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((each) => b.includes(each))

/** Whether somebody else has written in a channel since what was imported. */
async function isWritten({ id, last_seq }: Channel, room: Room): Promise<boolean> {
  if (last_seq === 0) return false
  try {
    await room.ask({ type: "import", channel: id, messages: [] })
    return false
  } catch (error) {
    if (error instanceof Refused && error.code === "forbidden") return true
    throw error
  }
}
