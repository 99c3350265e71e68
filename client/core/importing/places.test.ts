import assert from "node:assert/strict"
import { test } from "node:test"
import { mapPeople } from "./mapping.ts"
import { chooseTargets } from "./places.ts"
import type { Here } from "./room.ts"
import { channel, fakeRoom, fakeSource, member, place } from "./roomFakes.ts"
import type { Place } from "./source.ts"
import { wishesIn } from "./wishes.ts"

const ANNA = member("anna", "Anna", { secured: true })
const BORIS = member("boris", "Boris")
const OSKAR = member("oskar", "Oskar", { role: "admin", secured: true })
const PEOPLE = ["Anna", "Boris", "Oskar", "Clara"].map((name) => ({ key: name, name }))

interface Given {
  readonly here?: Partial<Here>
  readonly written?: readonly string[]
  readonly map?: string
  readonly directAsPrivate?: boolean
}

async function targets(
  places: readonly Place[],
  { here = {}, written = [], map = "", directAsPrivate = false }: Given = {},
) {
  const room = fakeRoom({ members: [OSKAR, ANNA, BORIS], ...here }, written)
  const mapping = await mapPeople(fakeSource({ people: PEOPLE }), room.here(), new Map(), crypto.subtle)
  const chosen = await chooseTargets(places, mapping, room, { channels: wishesIn(map).channels, directAsPrivate })
  return places.map((each) => chosen.get(each))
}

const said = (id: string, name: string, parts = {}) => channel(id, name, { last_seq: 1, ...parts })

test("an open channel goes to the one with its name, or is made", async () => {
  const [there, made] = await targets([
    place({ name: "General" }),
    place({ key: "C2", name: "plans", topic: "of 2026" }),
  ])
  assert.equal(there?.do === "use" && there.channel.id, "general")
  assert.deepEqual(made, { do: "make", kind: "open", name: "plans", topic: "of 2026", members: [] })
})

test("where others have written nothing is brought, unless it is said where to", async () => {
  const given = { here: { channels: [said("general", "general"), said("mine", "plans")] }, written: ["general"] }
  const places = [place({ name: "general" }), place({ key: "C2", name: "plans" })]
  const [general, plans] = await targets(places, given)
  assert.deepEqual(general, { do: "refuse", why: "written" })
  assert.equal(plans?.do, "use")
  const [other] = await targets(places, { ...given, map: "#general = general before" })
  assert.equal(other?.do === "make" && other.name, "general before")
})

test("a word about a channel that is not in the file is refused", async () => {
  await assert.rejects(targets([place({ name: "general" })], { map: "#generel = old" }), {
    name: "Unmappable",
    message: /"generel"/,
  })
})

test("two channels with one name do not run into each other", async () => {
  const places = [
    place({ name: "plans" }),
    place({ key: "C2", name: "PLANS" }),
    place({ key: "C3", kind: "private", name: "plans" }),
  ]
  assert.deepEqual(
    (await targets(places)).map((each) => each?.do),
    ["make", "refuse", "make"],
  )
})

test("a private channel has those of its people who are secured members here", async () => {
  const den = place({ kind: "private", name: "den", people: ["Anna", "Boris", "Clara"] })
  const [made] = await targets([den])
  assert.deepEqual(made, { do: "make", kind: "private", name: "den", topic: "", members: ["anna"] })
  const bare = member("oskar", "Oskar", { role: "admin" })
  const [refused] = await targets([den], { here: { member: bare, members: [bare, ANNA] } })
  assert.deepEqual(refused, { do: "refuse", why: "unsecured" })
  const [outside] = await targets([den], {
    here: { channels: [channel("d", "den", { kind: "private", members: ["anna"] })] },
  })
  assert.deepEqual(outside, { do: "refuse", why: "not_in_it" })
})

test("a conversation is opened by one of its people with members who are secured, and with nobody else", async () => {
  const talk = (...people: readonly string[]) => place({ key: people.join(), kind: "direct", name: "", people })
  const places = [
    talk("Oskar", "Anna"),
    talk("Oskar"),
    talk("Oskar", "Boris"),
    talk("Anna", "Boris"),
    talk("Oskar", "Clara"),
  ]
  const [first, notes, ...others] = await targets(places)
  assert.deepEqual(first, { do: "converse", members: ["anna"] })
  assert.deepEqual(notes, { do: "converse", members: ["oskar"] })
  for (const each of others) assert.deepEqual(each, { do: "refuse", why: "conversation" })
  const [off] = await targets(places, { here: { direct_messages: "off" } })
  assert.deepEqual(off, { do: "refuse", why: "conversation" })
  const open = channel("d", "", { kind: "direct", members: ["anna", "oskar"] })
  const [known] = await targets(places, { here: { channels: [open] } })
  assert.equal(known?.do === "use" && known.channel.id, "d")
})

test("other conversations become private channels if that is asked for", async () => {
  const talk = place({ kind: "direct", name: "", people: ["Clara", "Anna"] })
  const [made] = await targets([talk], { directAsPrivate: true })
  assert.deepEqual(made, { do: "make", kind: "private", name: "Anna, Clara", topic: "", members: ["anna"] })
})

test("no more channels are made than a room has", async () => {
  const channels = Array.from({ length: 499 }, (_, number) => channel(`c${number}`, `c${number}`))
  const places = [place({ name: "first" }), place({ key: "C2", name: "second" })]
  assert.deepEqual(
    (await targets(places, { here: { channels } })).map((each) => each?.do),
    ["make", "refuse"],
  )
})
