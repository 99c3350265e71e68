import assert from "node:assert/strict"
import { test } from "node:test"
import { edit } from "./editing.ts"
import {
  FakeSocket,
  fakeClock,
  fakePorts,
  GENERAL_CHANNEL,
  memoryVault,
  messageEvent,
  settle,
  signedIn,
  welcomeFrame,
} from "./fakes.ts"
import type { Ports } from "./ports.ts"

const PLANS = { ...GENERAL_CHANNEL, id: "plans", name: "plans" }
const LAST = 1000

type Frame = Readonly<Record<string, unknown>>

/** A room with a thousand messages in each of two channels; what is asked for is answered when the test says so. */
async function arrive(parts: Partial<Ports> = {}, place: { channel: string; target: number | null } | null = null) {
  const clock = fakeClock()
  const ports = fakePorts({ clock, ...parts })
  const chat = signedIn(ports)
  if (place !== null) chat.visit(place.channel, place.target)
  await chat.start()
  await settle()
  return { chat, clock, ports }
}

type Arrived = Awaited<ReturnType<typeof arrive>>

async function welcome(channels: readonly object[] = [GENERAL_CHANNEL, PLANS], more: object = {}) {
  const socket = FakeSocket.last()
  if (socket.readyState === 0) socket.accept()
  socket.say(welcomeFrame({ seq: LAST, channels, ...more }))
  await settle()
}

const answered = new WeakMap<FakeSocket, Set<unknown>>()

function questions(): readonly Frame[] {
  const socket = FakeSocket.last()
  const done = answered.get(socket) ?? new Set()
  answered.set(socket, done)
  return socket.framesOf("history").filter(({ ref }) => !done.has(ref))
}

/** Answers one question as the room stood when it was asked. */
async function answer(frame: Frame | undefined, last = LAST) {
  assert.ok(frame)
  const socket = FakeSocket.last()
  answered.get(socket)?.add(frame["ref"])
  const { before, after, around, limit, channel, ref } = frame
  const count = Number(limit)
  if (typeof around === "number") {
    const from = Math.max(1, Math.min(around - count / 2, last - count + 1))
    const to = Math.min(last, from + count - 1)
    const messages = Array.from({ length: to - from + 1 }, (_, index) => messageEvent(from + index, { channel }))
    socket.say({ type: "history", ref, channel, messages, more: from > 1, older: from > 1, newer: to < last })
    return settle()
  }
  const to = Math.min(last, typeof after === "number" ? after + count : (Number(before) || last + 1) - 1)
  const from = typeof after === "number" ? after + 1 : Math.max(1, to - count + 1)
  const messages = []
  for (let seq = from; seq <= to; seq++) messages.push(messageEvent(seq, { channel }))
  const more = typeof after === "number" ? to < last : from > 1
  socket.say({ type: "history", ref, channel, messages, more })
  await settle()
}

async function answerAll() {
  for (let next = questions()[0]; next !== undefined; next = questions()[0]) await answer(next)
}

const seqs = ({ chat }: Arrived, channel = "general") =>
  chat.store.get().room.timelines[channel]?.messages.map(({ seq }) => seq) ?? []
const target = ({ chat }: Arrived) => chat.store.get().opened?.target
const codes = ({ chat }: Arrived) => chat.store.get().notices.map(({ code }) => code)

/** A browser that has been here before: its newest messages were kept. */
async function keptVisit(): Promise<Partial<Ports>> {
  const vault = memoryVault()
  const former = await arrive({ openVault: () => vault })
  await welcome()
  await answerAll()
  former.clock.pass(5_000)
  await settle()
  former.chat.close()
  return { openVault: () => vault }
}

test("the address of an old message shows that message in a browser that knows nothing yet", async (t) => {
  const anna = await arrive({}, { channel: "general", target: 12 })
  t.after(anna.chat.close)
  await welcome()
  await answerAll()
  assert.ok(seqs(anna).includes(12))
  assert.ok(!seqs(anna).includes(LAST))
  assert.equal(target(anna), 12)
})

test("the address of an old message shows that message where the newest ones were kept", async (t) => {
  const anna = await arrive(await keptVisit(), { channel: "general", target: 12 })
  t.after(anna.chat.close)
  for (const resumed of [true, false]) {
    await welcome(undefined, { resumed })
    await answerAll()
    assert.ok(seqs(anna).includes(12))
    assert.ok(!seqs(anna).includes(LAST))
    FakeSocket.last().drop()
    anna.chat.wake()
    await settle()
  }
})

test("a quote that is pressed while the line is down leads to its message once the line is back", async (t) => {
  const anna = await arrive()
  t.after(anna.chat.close)
  await welcome()
  await answerAll()
  for (const resumed of [true, false]) {
    FakeSocket.last().drop()
    anna.chat.open("general", resumed ? 12 : 500)
    anna.chat.wake()
    await settle()
    await welcome(undefined, { resumed })
    assert.equal(anna.chat.store.get().room.timelines["general"]?.status, "loading")
    await answerAll()
    assert.ok(seqs(anna).includes(resumed ? 12 : 500))
    assert.ok(!seqs(anna).includes(LAST))
  }
})

test("of two jumps the later one is shown, in whatever order the answers come", async (t) => {
  const anna = await arrive()
  t.after(anna.chat.close)
  await welcome()
  await answerAll()
  anna.chat.open("general", 12)
  anna.chat.open("general", 500)
  const [early, late] = questions()
  for (const question of [late, early]) await answer(question)
  assert.ok(seqs(anna).includes(500))
  assert.ok(!seqs(anna).includes(12))
})

test("who goes back to the newest messages stays there when the answer to a jump comes", async (t) => {
  const anna = await arrive()
  t.after(anna.chat.close)
  await welcome()
  await answerAll()
  anna.chat.open("general", 12)
  anna.chat.toNewest()
  assert.equal(seqs(anna).at(-1), LAST)
  await answerAll()
  assert.equal(seqs(anna).at(-1), LAST)
  assert.equal(target(anna), null)
})

test("to go to the newest messages, as sending does, is not to choose the channel", async (t) => {
  const anna = await arrive()
  t.after(anna.chat.close)
  await welcome()
  await answerAll()
  anna.chat.open("general", 12)
  const chosen = anna.chat.store.get().opened
  anna.chat.toNewest()
  const newest = anna.chat.store.get().opened
  assert.equal(newest?.entered, chosen?.entered)
  assert.notEqual(newest?.visit, chosen?.visit)
  anna.chat.open("general", null)
  assert.notEqual(anna.chat.store.get().opened?.entered, chosen?.entered)
})

const begins = ({ chat }: Arrived) => chat.store.get().opened?.at
const ways = ({ chat }: Arrived) => chat.store.get().ways.length

test("the way back leads where one was reading, jump by jump, and asks for nothing that is there", async (t) => {
  const anna = await arrive()
  t.after(anna.chat.close)
  await welcome()
  await answerAll()
  anna.chat.attend(false, 970)
  anna.chat.open("general", 12)
  await answerAll()
  FakeSocket.last().say({ type: "events", events: [messageEvent(LAST + 1)] })
  await settle()
  assert.ok(!seqs(anna).includes(LAST + 1))
  anna.chat.attend(false, 8)
  anna.chat.open("plans", 40)
  await answerAll()
  assert.equal(ways(anna), 2)
  anna.chat.back()
  assert.deepEqual([seqs(anna).includes(12), target(anna), begins(anna), ways(anna)], [true, 12, 8, 1])
  anna.chat.back()
  assert.deepEqual([seqs(anna).at(-1), target(anna), begins(anna), ways(anna)], [LAST + 1, null, 970, 0])
  anna.chat.back()
  assert.deepEqual(questions(), [])
})

test("the browser's way back is the same one, and who stands at the end needs none to it", async (t) => {
  const anna = await arrive()
  t.after(anna.chat.close)
  await welcome()
  await answerAll()
  anna.chat.attend(false, 970)
  anna.chat.visit("general", 12)
  anna.chat.visit("general", null)
  assert.deepEqual([begins(anna), ways(anna)], [970, 0])
  anna.chat.attend(true)
  anna.chat.open("general", 990)
  assert.equal(ways(anna), 1)
  anna.chat.attend(true)
  assert.equal(ways(anna), 0)
  anna.chat.open("general", 12)
  await answerAll()
  anna.chat.open("plans")
  assert.equal(ways(anna), 0)
})

test("a channel that is chosen is shown up to the present, whatever old piece of it was open", async (t) => {
  const anna = await arrive({}, { channel: "general", target: 12 })
  t.after(anna.chat.close)
  await welcome()
  await answerAll()
  assert.equal(ways(anna), 0)
  anna.chat.open("general")
  await answerAll()
  assert.equal(seqs(anna).at(-1), LAST)
  anna.chat.open("general", 12)
  await answerAll()
  anna.chat.open("general")
  assert.equal(seqs(anna).at(-1), LAST)
})

test("scrolling down from an old message joins what was there, with what came meanwhile", async (t) => {
  const anna = await arrive()
  t.after(anna.chat.close)
  await welcome()
  await answerAll()
  anna.chat.open("general", 850)
  await answerAll()
  FakeSocket.last().say({ type: "events", events: [messageEvent(LAST + 1)] })
  for (const last of [879, 939, LAST + 1]) {
    assert.equal(seqs(anna).at(-1), last)
    anna.chat.loadNewer()
    await answerAll()
  }
  assert.deepEqual(seqs(anna).length, new Set(seqs(anna)).size)
  assert.equal(anna.chat.store.get().room.timelines["general"]?.newer, false)
})

test("an older page that was on its way is not waited for after a jump", async (t) => {
  const anna = await arrive()
  t.after(anna.chat.close)
  await welcome()
  await answerAll()
  anna.chat.loadOlder()
  const [late] = questions()
  anna.chat.open("general", 500)
  const [, around] = questions()
  await answer(around)
  anna.chat.loadOlder()
  await answer(late)
  assert.equal(anna.chat.store.get().room.timelines["general"]?.fetching, "older")
  await answerAll()
  assert.equal(seqs(anna)[0], 500 - 30 - 60)
})

test("what happens while a page is on its way holds against the page", async (t) => {
  const anna = await arrive()
  t.after(anna.chat.close)
  await welcome()
  await answerAll()
  anna.chat.loadOlder()
  const [page] = questions()
  FakeSocket.last().say({
    type: "events",
    events: [{ kind: "delete", seq: LAST + 1, id: "m900", channel: "general", by: "boris", at: 5 }],
  })
  await answer(page)
  const deleted = anna.chat.store.get().room.timelines["general"]?.messages.find(({ seq }) => seq === 900)
  assert.equal(deleted?.state, "deleted")
})

test("a message that comes after the page around a jump was asked for is kept", async (t) => {
  const anna = await arrive()
  t.after(anna.chat.close)
  await welcome()
  await answerAll()
  anna.chat.open("plans", LAST)
  const [around] = questions()
  FakeSocket.last().say({ type: "events", events: [messageEvent(LAST + 1, { channel: "plans" })] })
  await answer(around)
  assert.equal(seqs(anna, "plans").at(-1), LAST + 1)
})

test("a quoted message that is deleted is not quoted any more", async (t) => {
  const anna = await arrive()
  t.after(anna.chat.close)
  await welcome()
  await answerAll()
  const remove = (seq: number, id: string) =>
    FakeSocket.last().say({
      type: "events",
      events: [{ kind: "delete", seq, id, channel: "general", by: "boris", at: 5 }],
    })
  const quoted = (id: string) => anna.chat.store.get().quotes[id]?.state
  anna.chat.quote("general", "m7", 7)
  await answerAll()
  assert.equal(quoted("m7"), "said")
  remove(LAST + 1, "m7")
  assert.equal(quoted("m7"), "deleted")
  anna.chat.quote("general", "m8", 8)
  remove(LAST + 2, "m8")
  await answerAll()
  assert.equal(quoted("m8"), "deleted")
})

test("channels that are switched quickly each show their own messages, newest and read last", async (t) => {
  const anna = await arrive()
  t.after(anna.chat.close)
  await welcome()
  anna.chat.open("plans")
  anna.chat.open("general", 12)
  anna.chat.open("plans")
  await answerAll()
  assert.equal(anna.chat.store.get().opened?.channel, "plans")
  assert.equal(seqs(anna, "plans").at(-1), LAST)
  assert.ok(seqs(anna).includes(12))
})

test("an address that leads nowhere says so, and shows what there is", async (t) => {
  const anna = await arrive({}, { channel: "lost", target: 4 })
  t.after(anna.chat.close)
  await welcome()
  await answerAll()
  assert.deepEqual([anna.chat.store.get().opened?.channel, codes(anna)], ["general", ["channel_missing"]])
  anna.chat.visit("gone", null)
  assert.deepEqual(codes(anna), ["channel_missing", "channel_missing"])
  anna.chat.visit("plans", 5000)
  await answerAll()
  assert.deepEqual(codes(anna).at(-1), "message_missing")
  assert.equal(seqs(anna, "plans").at(-1), LAST)
})

test("a channel that is newer than what was kept opens when the line stands, without a word", async (t) => {
  const anna = await arrive(await keptVisit(), { channel: "brandnew", target: null })
  t.after(anna.chat.close)
  assert.equal(anna.chat.store.get().opened?.channel, "general")
  await welcome([GENERAL_CHANNEL, PLANS, { ...PLANS, id: "brandnew", name: "brandnew" }])
  await answerAll()
  assert.deepEqual([anna.chat.store.get().opened?.channel, codes(anna)], ["brandnew", []])
})

test("an edit that is refused late does not take back a later one", async (t) => {
  const anna = await arrive()
  t.after(anna.chat.close)
  await welcome()
  await answerAll()
  const message = () => {
    const found = anna.chat.store.get().room.timelines["general"]?.messages.at(-1)
    assert.ok(found?.state === "said")
    return found
  }
  edit(anna.chat, message(), "first", [])
  edit(anna.chat, message(), "second", [])
  const [first] = FakeSocket.last().framesOf("edit")
  FakeSocket.last().say({ type: "error", ref: first?.["ref"], code: "internal", detail: "" })
  await settle()
  assert.equal(message().body, "second")
})
