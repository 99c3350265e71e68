/** Private channels and direct conversations as a browser keeps them: room.ts, hub.ts, history.ts and outbox.ts together. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { edit } from "./editing.ts"
import {
  ANNA,
  BORIS,
  DEN,
  DIRECT,
  FakeSocket,
  fakeClock,
  fakePorts,
  GENERAL_CHANNEL,
  memoryShelf,
  memoryVault,
  messageEvent,
  settle,
  signedIn,
  welcomeFrame,
} from "./fakes.ts"
import { keepersOf } from "./keepers.ts"
import type { Ports } from "./ports.ts"
import { peopleIn } from "./room.ts"

const VERA = { id: "vera", name: "Vera", role: "member" as const, online: false }

type Arrived = Awaited<ReturnType<typeof arrive>>

/** One browser: what it keeps outlives a page. */
function browser(): Partial<Ports> {
  const vault = memoryVault()
  return { clock: fakeClock(), shelf: memoryShelf(), openVault: () => vault }
}

async function arrive(parts: Partial<Ports> = browser()) {
  const ports = fakePorts(parts)
  const chat = signedIn(ports)
  await chat.start()
  await settle()
  const socket = FakeSocket.last()
  socket.accept()
  return { chat, ports, socket, clock: ports.clock as ReturnType<typeof fakeClock> }
}

async function welcome({ socket }: Arrived, channels: readonly object[], more: object = {}) {
  const members = [ANNA, BORIS, VERA]
  socket.say(welcomeFrame({ members, channels: [GENERAL_CHANNEL, ...channels], lanes_resumed: [], ...more }))
  await settle()
}

/** Answers the last question for messages of this channel. */
async function page({ socket }: Arrived, channel: string, messages: readonly object[]) {
  const request = socket.framesOf("history").findLast((frame) => frame["channel"] === channel)
  assert.ok(request, `nobody has asked for ${channel}`)
  socket.say({ type: "history", ref: request["ref"], channel, messages, more: false })
  await settle()
}

const roomOf = ({ chat }: Arrived) => chat.store.get().room
const channelOf = (arrived: Arrived, id: string) => roomOf(arrived).channels[id]
const heads = ({ socket }: Arrived) => socket.framesOf("hello").at(-1)?.["lanes"]
const shown = (arrived: Arrived, id: string) => roomOf(arrived).timelines[id]?.messages.map((message) => message.id)
const inDen = (seq: number, parts: object = {}) => messageEvent(seq, { channel: "den", id: `d${seq}`, ...parts })
const say = ({ socket }: Arrived, lane: string | null, ...events: object[]) =>
  socket.say({ type: "events", ...(lane === null ? {} : { lane }), events })

test("each lane counts by itself: what happens in one moves no other, and is counted once", async (t) => {
  const anna = await arrive()
  t.after(anna.chat.close)
  await welcome(anna, [{ ...DEN, seq: 7, last_seq: 7 }], { seq: 40 })
  say(anna, "den", inDen(8), inDen(9, { mentions: ["anna"] }), inDen(8))
  say(anna, null, messageEvent(41))
  say(anna, "elsewhere", messageEvent(1, { channel: "elsewhere" }))
  assert.deepEqual([roomOf(anna).seq, roomOf(anna).lanes], [41, { den: { seq: 9, counted: 9 } }])
  assert.deepEqual([channelOf(anna, "den")?.unread, channelOf(anna, "den")?.mentions], [2, 1])
  assert.equal(channelOf(anna, "general")?.unread, 1)
  assert.equal(channelOf(anna, "elsewhere"), undefined)
})

test("a page that comes back names the lanes it has, and goes on where it stopped in those that are resumed", async (t) => {
  const parts = browser()
  const before = await arrive(parts)
  assert.deepEqual(heads(before), {})
  await welcome(before, [
    { ...DEN, seq: 2, last_seq: 2 },
    { ...DIRECT, seq: 5, last_seq: 5 },
  ])
  before.chat.open("den")
  await page(before, "den", [inDen(1), inDen(2)])
  say(before, "den", inDen(3))
  before.clock.pass(2_000)
  await settle()
  before.chat.close()

  const anna = await arrive(parts)
  t.after(anna.chat.close)
  assert.deepEqual(heads(anna), { den: 3, direct: 5 })
  assert.deepEqual(shown(anna, "den"), ["d1", "d2", "d3"], "without a network, too")
  const den = { ...DEN, seq: 5, last_seq: 4, unread: 2 }
  await welcome(anna, [den, { ...DIRECT, seq: 900, last_seq: 900 }], { resumed: true, lanes_resumed: ["den"] })
  say(anna, "den", inDen(4), { kind: "edit", seq: 5, channel: "den", id: "d1", body: "new", edited_at: 9, by: "boris" })
  assert.deepEqual(shown(anna, "den"), ["d1", "d2", "d3", "d4"])
  assert.equal(channelOf(anna, "den")?.unread, 2, "the welcome has counted it")
  assert.deepEqual(roomOf(anna).lanes, { den: { seq: 5, counted: 5 }, direct: { seq: 900, counted: 900 } })
})

test("a lane that is not resumed is loaded anew", async (t) => {
  const parts = browser()
  const before = await arrive(parts)
  await welcome(before, [{ ...DEN, seq: 1, last_seq: 1 }])
  before.chat.open("den")
  await page(before, "den", [inDen(1)])
  before.clock.pass(2_000)
  await settle()
  before.chat.close()
  const anna = await arrive(parts)
  t.after(anna.chat.close)
  await welcome(anna, [{ ...DEN, seq: 2_000, last_seq: 2_000 }], { resumed: true })
  await page(anna, "den", [inDen(2_000)])
  assert.deepEqual(shown(anna, "den"), ["d2000"])
})

/** A page that has opened the den, with everything begun there that a browser keeps. */
async function deepInTheDen(parts: Partial<Ports>) {
  const anna = await arrive(parts)
  await welcome(anna, [{ ...DEN, seq: 1, last_seq: 1 }])
  anna.chat.open("den")
  await page(anna, "den", [inDen(1, { author: "anna" })])
  for (const [note, value] of [
    ["draft:den", "a secret draft"],
    ["reply:den", "1 d1"],
    ["editing:den", "d1"],
    ["edit:d1", "=another secret"],
    ["draft:general", "no secret"],
  ] as const)
    anna.chat.notes.set(note, value)
  anna.clock.pass(2_000)
  await settle()
  return anna
}

const noted = ({ chat }: Arrived) =>
  ["draft:den", "reply:den", "editing:den", "edit:d1", "draft:general"].map((name) => chat.notes.get(name))
const kept = async ({ ports }: Arrived) => {
  const vault = ports.openVault("main", "anna")
  return JSON.stringify([await vault.snapshot(), await vault.outgoing()])
}

test("of a lane that is gone nothing stays in the browser, and whoever stood in it stands in the general channel", async (t) => {
  const anna = await deepInTheDen(browser())
  t.after(anna.chat.close)
  anna.chat.quote("den", "d0", 0)
  anna.chat.say("den", { body: "on its way", mentions: [], replyTo: null })
  await settle()
  assert.match(await kept(anna), /message 1.*on its way/s)
  anna.socket.say({ type: "lane.gone", channel: "den" })
  await settle()
  assert.deepEqual(noted(anna), ["", "", "", "", "no secret"])
  assert.deepEqual(anna.chat.store.get().outgoing, [])
  assert.doesNotMatch(await kept(anna), /den|message 1|on its way/)
  assert.equal(anna.chat.store.get().opened?.channel, "general")
  assert.deepEqual([roomOf(anna).lanes, shown(anna, "den")], [{}, undefined])
  say(anna, "den", inDen(2))
  assert.equal(channelOf(anna, "den"), undefined, "nothing brings it back but the lane itself")
})

test("what was lost while the page was away is wiped at the next welcome, what another tab left behind as well", async (t) => {
  const parts = browser()
  const before = await deepInTheDen(parts)
  before.chat.close()
  const vault = before.ports.openVault("main", "anna")
  const left = { id: "m1", channel: "den", body: "left behind", created_at: 1, owner: "tab-0", failed: null }
  await vault.keepOutgoing(left)
  const anna = await arrive(parts)
  t.after(anna.chat.close)
  await welcome(anna, [], { resumed: true })
  assert.deepEqual(noted(anna), ["", "", "", "", "no secret"])
  assert.doesNotMatch(await kept(anna), /den|left behind/)
  assert.deepEqual(anna.socket.framesOf("send"), [])
})

test("a server that knows no lanes takes none away", async (t) => {
  const parts = browser()
  const before = await deepInTheDen(parts)
  before.chat.close()
  const anna = await arrive(parts)
  t.after(anna.chat.close)
  await welcome(anna, [], { lanes_resumed: null })
  assert.equal(anna.chat.notes.get("draft:den"), "a secret draft")
  assert.equal(roomOf(anna).hasLanes, false)
})

test("who is added gets the lane, and what is said in it from then on", async (t) => {
  const anna = await arrive()
  t.after(anna.chat.close)
  await welcome(anna, [])
  say(anna, "den", inDen(4))
  anna.socket.say({ type: "lane", channel: { ...DEN, seq: 4, since_seq: 4, last_seq: 0 } })
  say(anna, "den", inDen(5))
  assert.deepEqual([channelOf(anna, "den")?.unread, channelOf(anna, "den")?.since_seq], [1, 4])
  anna.chat.open("den")
  await page(anna, "den", [inDen(5)])
  assert.deepEqual(shown(anna, "den"), ["d5"])
})

test("others come and go, and it is said who did it; keepers change", async (t) => {
  const anna = await arrive()
  t.after(anna.chat.close)
  await welcome(anna, [{ ...DEN, keepers: ["boris"], since_seq: 3, seq: 4 }])
  const change = { kind: "members", channel: "den", by: "boris" }
  say(anna, "den", { ...change, seq: 5, added: ["vera"], removed: [], history: "none" })
  assert.deepEqual(channelOf(anna, "den")?.members, ["anna", "boris", "vera"])
  say(anna, "den", { ...change, seq: 6, added: [], removed: ["vera"] })
  say(anna, "den", { ...change, seq: 7, added: [], removed: ["boris"] })
  assert.deepEqual(channelOf(anna, "den")?.members, ["anna"])
  assert.deepEqual(
    anna.chat.store.get().notices.map(({ code, name, by }) => [code, name, by]),
    [
      ["lane_added", "Vera", "Boris"],
      ["lane_removed", "Vera", "Boris"],
      ["lane_left", "Boris", "Boris"],
    ],
  )
  const { keepers, since_seq, unread, ...channel } = { ...DEN, name: "the den", keepers: [], since_seq: 0 }
  say(anna, "den", { kind: "channel", seq: 8, by: "anna", channel: { ...channel, kind: "private", keepers: ["anna"] } })
  const now = channelOf(anna, "den")
  assert.deepEqual([now?.name, now?.keepers, now?.members, now?.since_seq], ["the den", ["anna"], ["anna"], 3])
})

test("without any keeper the one who came first keeps it, whether the last keeper left the channel or the room", async (t) => {
  const anna = await arrive()
  t.after(anna.chat.close)
  const lane = { ...DEN, keepers: ["vera"], members: ["vera", "boris", "anna"], seq: 1 }
  await welcome(anna, [lane, { ...lane, id: "pit" }], { seq: 1 })
  say(anna, "den", { kind: "members", seq: 2, channel: "den", added: [], removed: ["vera"], by: "vera" })
  const keepers = (id: string) => {
    const channel = channelOf(anna, id)
    return channel === undefined ? null : keepersOf(roomOf(anna), channel)
  }
  assert.deepEqual([keepers("den"), keepers("pit")], [["boris"], ["vera"]])
  say(anna, null, { kind: "member_removed", seq: 2, member: "vera", by: "boris" })
  say(anna, null, { kind: "member_removed", seq: 3, member: "boris", by: "anna" })
  assert.deepEqual([keepers("den"), keepers("pit")], [["anna"], ["anna"]])
})

test("a lane that is deleted leaves as little behind as one that is lost, and says so", async (t) => {
  const anna = await deepInTheDen(browser())
  t.after(anna.chat.close)
  say(anna, "den", { kind: "channel_deleted", seq: 2, channel: "den", by: "boris" })
  await settle()
  assert.deepEqual(noted(anna), ["", "", "", "", "no secret"])
  assert.doesNotMatch(await kept(anna), /den|message 1/)
  assert.deepEqual([anna.chat.store.get().opened?.channel, roomOf(anna).lanes], ["general", {}])
  assert.deepEqual(
    anna.chat.store.get().notices.map(({ code, name }) => [code, name]),
    [["channel_deleted", "den"]],
  )
})

test("what changes a message says in which channel it is", async (t) => {
  const anna = await deepInTheDen(browser())
  t.after(anna.chat.close)
  const message = roomOf(anna).timelines["den"]?.messages[0]
  assert.equal(message?.state, "said")
  if (message?.state !== "said") return
  anna.chat.react(message, "👍")
  anna.chat.remove(message)
  anna.chat.flush()
  void edit(anna.chat, message, "new", [])
  const sent = ["react", "delete", "edit"].flatMap((type) => anna.socket.framesOf(type))
  assert.deepEqual(
    sent.map(({ id, channel }) => [id, channel]),
    [
      ["d1", "den"],
      ["d1", "den"],
      ["d1", "den"],
    ],
  )
})

test("a direct conversation is called by the others in it, and one's notes by nothing", async (t) => {
  const anna = await arrive()
  t.after(anna.chat.close)
  const three = { ...DIRECT, id: "three", members: ["vera", "anna", "boris"] }
  await welcome(anna, [DIRECT, three, { ...DIRECT, id: "notes", members: ["anna"] }])
  assert.deepEqual(
    ["direct", "three", "notes"].map((id) => channelOf(anna, id)?.name),
    ["Boris", "Vera, Boris", ""],
  )
  say(anna, "direct", messageEvent(1, { channel: "direct", sent_at: 77 }))
  assert.equal(channelOf(anna, "direct")?.last_at, 77)
  const renamed = { id: "boris", name: "Bob", role: "member" }
  say(anna, null, { seq: (roomOf(anna).seq ?? 0) + 1, kind: "member", member: renamed, reason: "renamed" })
  assert.deepEqual(
    ["direct", "three", "notes"].map((id) => channelOf(anna, id)?.name),
    ["Bob", "Vera, Bob", ""],
  )
})

test("only those who read along can be mentioned", async (t) => {
  const anna = await arrive()
  t.after(anna.chat.close)
  await welcome(anna, [DEN])
  const names = (channel: string) => peopleIn(roomOf(anna), channel).map(({ name }) => name)
  assert.deepEqual(
    [names("den"), names("general")],
    [
      ["Anna", "Boris"],
      ["Anna", "Boris", "Vera"],
    ],
  )
})

test("a private channel that becomes open is loaded anew, with the room's seq, and so is an open one that becomes private", async (t) => {
  const anna = await arrive()
  t.after(anna.chat.close)
  await welcome(anna, [{ ...DEN, seq: 1, last_seq: 1 }], { seq: 40 })
  anna.chat.open("den")
  await page(anna, "den", [inDen(1)])
  const open = { id: "den", name: "den", topic: "", archived: false, created_by: "anna", retention_days: null }
  say(anna, null, { kind: "channel", seq: 41, channel: open, by: "anna" })
  await settle()
  await page(anna, "den", [])
  assert.deepEqual([channelOf(anna, "den")?.kind, shown(anna, "den"), roomOf(anna).lanes], ["open", [], {}])
  say(anna, null, inDen(42))
  assert.deepEqual(shown(anna, "den"), ["d42"])
  anna.socket.say({ type: "lane", channel: { ...DEN, seq: 1, last_seq: 1 } })
  await settle()
  await page(anna, "den", [inDen(1)])
  assert.deepEqual([channelOf(anna, "den")?.kind, shown(anna, "den")], ["private", ["d1"]])
  assert.deepEqual(roomOf(anna).lanes, { den: { seq: 1, counted: 1 } })
})

test("an address leads into a lane, and to nobody's where one is not in it", async (t) => {
  const anna = await arrive()
  t.after(anna.chat.close)
  await welcome(anna, [{ ...DEN, seq: 9, last_seq: 9 }])
  anna.chat.visit("den", 9)
  await page(anna, "den", [inDen(9)])
  assert.deepEqual([anna.chat.store.get().opened?.channel, anna.chat.store.get().opened?.target], ["den", 9])
  anna.chat.visit("hidden", 3)
  assert.deepEqual(
    anna.chat.store.get().notices.map(({ code }) => code),
    ["channel_missing"],
  )
})

test("typing, read positions and levels are a lane's own", async (t) => {
  const anna = await arrive()
  t.after(anna.chat.close)
  await welcome(anna, [{ ...DEN, seq: 2, last_seq: 2, unread: 2 }])
  anna.socket.say({ type: "typing", channel: "den", member: "boris" })
  assert.deepEqual(Object.keys(roomOf(anna).typing), ["den"])
  anna.socket.say({ type: "read", channel: "den", seq: 2, unread: 0, mentions: 0 })
  anna.socket.say({ type: "notify", channel: "den", level: "none" })
  assert.deepEqual([channelOf(anna, "den")?.unread, channelOf(anna, "den")?.notify], [0, "none"])
  anna.chat.open("den")
  await page(anna, "den", [inDen(2)])
  anna.chat.attend(true)
  say(anna, "den", inDen(3))
  assert.deepEqual(
    anna.socket.framesOf("read").map(({ channel, seq }) => [channel, seq]),
    [["den", 3]],
  )
})
