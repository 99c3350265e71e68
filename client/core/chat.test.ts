import assert from "node:assert/strict"
import { test } from "node:test"
import { createApi } from "./api.ts"
import { createChat } from "./chat.ts"
import { edit } from "./editing.ts"
import {
  ANNA,
  BORIS,
  type FakeClock,
  FakeSocket,
  fakeClock,
  fakePorts,
  GENERAL_CHANNEL,
  memoryVault,
  messageEvent,
  settle,
  welcomeFrame,
} from "./fakes.ts"
import type { FilesEngine, FilesModule } from "./files/types.ts"
import { chooseLevel } from "./levels.ts"
import type { Ports } from "./ports.ts"
import { answer } from "./questions.ts"

const SESSION = { member: { id: ANNA.id, name: ANNA.name, role: ANNA.role }, expires_at: 0 }

async function arrive(parts: Partial<Ports> = {}, loadFiles?: () => Promise<FilesModule>) {
  const clock = fakeClock()
  const ports = fakePorts({ clock, ...parts })
  const ended: string[] = []
  const chat = createChat({
    room: "main",
    session: SESSION,
    ports,
    api: createApi("main", ports.origin, ports.fetch),
    onEnded: () => ended.push("ended"),
    onLeft: () => ended.push("left"),
    sessionStands: async () => true,
    ...(loadFiles === undefined ? {} : { loadFiles }),
  })
  await chat.start()
  await settle()
  return { chat, clock, ended, ports, socket: FakeSocket.last() }
}

/** The room welcomes and shows the page that is asked for. */
async function enter(
  arrived: Awaited<ReturnType<typeof arrive>>,
  messages: readonly object[] = [],
  welcome: object = {},
) {
  const { socket } = arrived
  socket.accept()
  socket.say(welcomeFrame(welcome))
  await settle()
  answerHistory(socket, messages)
  await settle()
  return arrived
}

function answerHistory(socket: FakeSocket, messages: readonly object[], more = false) {
  const request = socket.framesOf("history").at(-1)
  assert.ok(request)
  socket.say({ type: "history", ref: request["ref"], channel: "general", messages, more })
}

const shown = ({ chat }: { chat: ReturnType<typeof createChat> }) =>
  chat.store.get().room.timelines["general"]?.messages.map(({ id }) => id) ?? []

test("it says hello, opens the channel and shows its newest messages", async (t) => {
  const arrived = await enter(await arrive(), [messageEvent(1), messageEvent(2)], { seq: 2 })
  t.after(arrived.chat.close)
  assert.deepEqual(arrived.socket.frames()[0], { type: "hello", last_seq: null, acks: false, lanes: {} })
  assert.deepEqual(shown(arrived), ["m1", "m2"])
  assert.equal(arrived.chat.store.get().connection.status, "live")
})

test("the first page is asked for together with the hello, and once", async (t) => {
  const { chat, socket } = await arrive()
  t.after(chat.close)
  socket.accept()
  assert.deepEqual(
    socket.frames().map(({ type }) => type),
    ["hello", "history"],
  )
  answerHistory(socket, [messageEvent(1)])
  socket.say(welcomeFrame({ seq: 1 }))
  await settle()
  assert.equal(socket.framesOf("history").length, 1)
  assert.deepEqual(shown({ chat }), ["m1"])
})

test("the channel of the last visit is asked for, and the first one where it is gone", async (t) => {
  const ports = fakePorts()
  ports.shelf.set("main:anna:channel", "gone")
  const { chat, socket } = await arrive({ shelf: ports.shelf })
  t.after(chat.close)
  socket.accept()
  assert.equal(socket.framesOf("history")[0]?.["channel"], "gone")
  socket.say(welcomeFrame({ seq: 1 }))
  socket.say({ type: "error", ref: socket.framesOf("history")[0]?.["ref"], code: "not_found", detail: "" })
  await settle()
  assert.equal(socket.framesOf("history")[1]?.["channel"], "general")
  answerHistory(socket, [messageEvent(1)])
  await settle()
  assert.deepEqual(shown({ chat }), ["m1"])
  assert.equal(chat.store.get().notices.length, 0)
})

test("a line that drops before the first page came asks for it again", async (t) => {
  const { chat, socket } = await arrive()
  t.after(chat.close)
  socket.accept()
  socket.drop()
  chat.wake()
  await settle()
  const again = FakeSocket.last()
  again.accept()
  assert.equal(again.framesOf("history").length, 1)
  again.say(welcomeFrame({ seq: 1 }))
  answerHistory(again, [messageEvent(1)])
  await settle()
  assert.deepEqual(shown({ chat }), ["m1"])
})

test("a returning line resumes from the last change it took in", async (t) => {
  const arrived = await enter(await arrive(), [], { seq: 4 })
  t.after(arrived.chat.close)
  arrived.socket.say({ type: "events", events: [messageEvent(5)] })
  arrived.socket.drop()
  arrived.chat.wake()
  await settle()
  const again = FakeSocket.last()
  again.accept()
  assert.deepEqual(again.frames(), [{ type: "hello", last_seq: 5, acks: false, lanes: {} }])
})

test("a message is sent once, settled by its event, and shown once", async (t) => {
  const arrived = await enter(await arrive(), [])
  t.after(arrived.chat.close)
  const { chat, socket } = arrived
  chat.say("general", { body: "hello", mentions: [], replyTo: null })
  chat.say("general", { body: "again", mentions: [], replyTo: null })
  await settle()
  for (const [place, body] of ["hello", "again"].entries()) {
    const sent = socket.framesOf("send").at(-1)
    assert.equal(sent?.["body"], body)
    socket.say({ type: "events", events: [messageEvent(place + 1, { id: sent?.["id"], author: "anna", body })] })
    await settle()
  }
  assert.equal(chat.store.get().outgoing.length, 0)
  assert.deepEqual(
    shown(arrived),
    socket.framesOf("send").map(({ id }) => id),
  )
  assert.equal(socket.framesOf("send").length, 2)
})

test("a message is sent once, acknowledged, and shown once", async (t) => {
  const arrived = await enter(await arrive(), [])
  t.after(arrived.chat.close)
  const { chat, socket } = arrived
  chat.say("general", { body: "hello", mentions: [], replyTo: null })
  await settle()
  const [sent] = socket.framesOf("send")
  assert.ok(sent)
  assert.equal(chat.store.get().outgoing.length, 1)
  socket.say({ type: "ack", ref: sent["id"], seq: 1, sent_at: 5 })
  socket.say({ type: "events", events: [messageEvent(1, { id: sent["id"], author: "anna", body: "hello" })] })
  await settle()
  assert.equal(chat.store.get().outgoing.length, 0)
  assert.deepEqual(shown(arrived), [sent["id"]])
  assert.equal(socket.framesOf("send").length, 1)
})

test("a request that the room found too fast goes out again by itself", async (t) => {
  const arrived = await enter(await arrive(), [messageEvent(1)], { seq: 1 })
  t.after(arrived.chat.close)
  const { chat, socket, clock } = arrived
  const message = chat.store.get().room.timelines["general"]?.messages[0]
  assert.equal(message?.state, "said")
  if (message?.state !== "said") return
  chat.react(message, "👍")
  socket.say({
    type: "error",
    ref: socket.framesOf("react")[0]?.["ref"],
    code: "rate_limited",
    detail: "",
    retry_after: 2,
  })
  clock.pass(2_000)
  assert.equal(socket.framesOf("react").length, 2)
})

test("a deletion can be undone before it is sent, and is sent when nobody does", async (t) => {
  const arrived = await enter(await arrive(), [
    messageEvent(1, { author: "anna" }),
    messageEvent(2, { author: "anna" }),
  ])
  t.after(arrived.chat.close)
  const { chat, socket, clock } = arrived
  const [first, second] = chat.store.get().room.timelines["general"]?.messages ?? []
  assert.ok(first?.state === "said" && second?.state === "said")
  chat.remove(first)
  chat.remove(second)
  chat.undo(first.id)
  clock.pass(10_000)
  assert.deepEqual(
    socket.framesOf("delete").map(({ id }) => id),
    ["m2"],
  )
})

test("an edit that is refused gives the old text back and says why", async (t) => {
  const arrived = await enter(await arrive(), [messageEvent(1, { author: "anna", body: "old" })])
  t.after(arrived.chat.close)
  const { chat, socket } = arrived
  const message = chat.store.get().room.timelines["general"]?.messages[0]
  assert.ok(message?.state === "said")
  edit(chat, message, "new", [])
  socket.say({ type: "error", ref: socket.framesOf("edit")[0]?.["ref"], code: "forbidden", detail: "" })
  await settle()
  const now = chat.store.get().room.timelines["general"]?.messages[0]
  assert.deepEqual(now?.state === "said" && [now.body, now.edited_at], ["old", null])
  assert.equal(chat.store.get().notices[0]?.code, "forbidden")
})

test("what was in sight is read, on the server too", async (t) => {
  const arrived = await enter(await arrive(), [messageEvent(1)], {
    seq: 1,
    channels: [{ id: "general", name: "general", unread: 1, last_seq: 1 }],
  })
  t.after(arrived.chat.close)
  arrived.chat.attend(true)
  assert.deepEqual(arrived.socket.framesOf("read"), [{ type: "read", channel: "general", seq: 1 }])
  assert.equal(arrived.chat.store.get().room.channels["general"]?.unread, 0)
})

test("without a network the chat opens as it was left", async (t) => {
  const vault = memoryVault()
  const clock = fakeClock()
  const first = await enter(await arrive({ openVault: () => vault, clock }), [messageEvent(1)], { seq: 1 })
  clock.pass(5_000)
  await settle()
  first.chat.close()
  const second = await arrive({ openVault: () => vault })
  t.after(second.chat.close)
  assert.deepEqual(shown(second), ["m1"])
  assert.equal(second.chat.store.get().opened?.channel, "general")
  second.socket.accept()
  assert.deepEqual(second.socket.frames(), [{ type: "hello", last_seq: 1, acks: false, lanes: {} }])
})

test("when the open channel is deleted, general is shown and it is said why", async (t) => {
  const plans = { id: "plans", name: "plans" }
  const arrived = await enter(await arrive(), [], { channels: [{ id: "general", name: "general" }, plans] })
  t.after(arrived.chat.close)
  arrived.chat.open("plans")
  arrived.socket.say({ type: "events", events: [{ kind: "channel_deleted", seq: 1, channel: "plans", by: "boris" }] })
  assert.equal(arrived.chat.store.get().opened?.channel, "general")
  assert.equal(arrived.chat.store.get().notices[0]?.code, "channel_deleted")
})

test("an ended session closes the chat and forgets the snapshot", async () => {
  const vault = memoryVault()
  const arrived = await enter(await arrive({ openVault: () => vault }), [messageEvent(1)])
  arrived.socket.drop(4401)
  await settle()
  assert.deepEqual(arrived.ended, ["ended"])
  assert.equal(await vault.snapshot(), null)
})

test("a burst of frames reaches the watchers in a few steps", async (t) => {
  const arrived = await enter(await arrive(), [])
  t.after(arrived.chat.close)
  let renders = 0
  arrived.chat.store.subscribe(() => {
    renders += 1
  })
  for (let seq = 1; seq <= 500; seq++) arrived.socket.say({ type: "events", events: [messageEvent(seq)] })
  const clock: FakeClock = arrived.clock
  clock.pass(1_000)
  assert.equal(shown(arrived).length, 500)
  assert.ok(renders <= 4, `${renders} renderings`)
})

test("a sign-in under one's own name asks, and the answer goes back", async (t) => {
  const arrived = await enter(await arrive(), [])
  t.after(arrived.chat.close)
  const { chat, socket, clock } = arrived
  socket.say({ type: "confirmation", id: "q1", code: "123456", agent: "Firefox", expires_at: clock.now() + 60_000 })
  assert.equal(chat.store.get().questions[0]?.id, "q1")
  void answer(chat, "q1", false)
  const [reply] = socket.framesOf("login.answer")
  assert.equal(reply?.["approve"], false)
  socket.say({ type: "login.done", id: "q1" })
  assert.deepEqual(chat.store.get().questions, [])
})

test("a sign-in is asked about on a device whose clock is ahead, too", async (t) => {
  const { chat, socket, clock } = await enter(await arrive())
  t.after(chat.close)
  socket.say({ type: "confirmation", id: "q1", code: "123456", agent: "", expires_at: clock.now() - 60_000 })
  clock.pass(30_000)
  assert.equal(chat.store.get().questions[0]?.id, "q1")
})

test("a room in which somebody always writes is kept for the next visit as well", async (t) => {
  const vault = memoryVault()
  const { chat, socket, clock } = await enter(await arrive({ openVault: () => vault }))
  t.after(chat.close)
  for (let seq = 1; seq <= 5; seq++) {
    say(socket, messageEvent(seq))
    clock.pass(1_000)
  }
  await settle()
  assert.notEqual(await vault.snapshot(), null)
})

test("a page in the background says so after every hello, one in sight need not", async () => {
  let visible = false
  const arrived = await enter(await arrive({ isVisible: () => visible }))
  const { chat, socket } = arrived
  assert.deepEqual(socket.frames().slice(0, 2), [
    { type: "hello", last_seq: null, acks: false, lanes: {} },
    { type: "visible", visible: false },
  ])
  visible = true
  chat.look()
  visible = false
  chat.look()
  assert.deepEqual(
    socket.framesOf("visible").map((frame) => frame["visible"]),
    [false, true, false],
  )
  const other = await enter(await arrive())
  assert.deepEqual(other.socket.framesOf("visible"), [])
  chat.close()
  other.chat.close()
})

test("what to be notified of is chosen once the server agrees, and on other devices too", async () => {
  const { chat, socket } = await enter(await arrive())
  const level = () => chat.store.get().room.channels["general"]?.notify
  const choosing = chooseLevel(chat, "general", "mentions")
  const request = socket.framesOf("notify").at(-1)
  assert.deepEqual([request?.["channel"], request?.["level"], level()], ["general", "mentions", null])
  socket.say({ type: "ok", ref: request?.["ref"] })
  await choosing
  assert.equal(level(), "mentions")
  socket.say({ type: "notify", channel: "general", level: "none" })
  assert.equal(level(), "none")
  socket.say({
    type: "events",
    events: [{ kind: "channel", seq: 1, by: "boris", channel: { id: "general", name: "lobby" } }],
  })
  assert.deepEqual([chat.store.get().room.channels["general"]?.name, level()], ["lobby", "none"])
  chat.close()
})

const PLANS = { id: "plans", name: "plans" }

function say(socket: FakeSocket, ...events: readonly object[]) {
  socket.say({ type: "events", events })
}

/** The line drops and comes back. */
async function comeBack({ chat, socket }: Awaited<ReturnType<typeof arrive>>, welcome: object) {
  socket.drop()
  chat.wake()
  await settle()
  const again = FakeSocket.last()
  again.accept()
  again.say(welcomeFrame(welcome))
  await settle()
  return again
}

test("after a long absence every channel is asked for again when it is opened, and read only then", async (t) => {
  const general = { id: "general", name: "general" }
  const arrived = await enter(await arrive(), [messageEvent(1)], { seq: 1, channels: [general, PLANS] })
  t.after(arrived.chat.close)
  const { chat } = arrived
  chat.open("plans")
  arrived.socket.say({
    type: "history",
    ref: arrived.socket.framesOf("history").at(-1)?.["ref"],
    channel: "plans",
    messages: [],
    more: false,
  })
  await settle()
  const again = await comeBack(arrived, { seq: 9000, channels: [{ ...general, unread: 5, last_seq: 9000 }, PLANS] })
  chat.open("general")
  chat.attend(true)
  assert.deepEqual(again.framesOf("read"), [])
  answerHistory(again, [messageEvent(9000)])
  await settle()
  assert.deepEqual(shown(arrived), ["m9000"])
  assert.deepEqual(
    again.framesOf("read").map(({ seq }) => seq),
    [9000],
  )
})

test("the channel in sight is not read before what was missed is there", async (t) => {
  const arrived = await enter(await arrive(), [messageEvent(1)], { seq: 1 })
  t.after(arrived.chat.close)
  arrived.chat.attend(true)
  const again = await comeBack(arrived, { seq: 9000, channels: [{ ...GENERAL_CHANNEL, unread: 5, last_seq: 9000 }] })
  assert.equal(arrived.chat.store.get().room.channels["general"]?.unread, 5)
  assert.deepEqual(again.framesOf("read"), [])
})

test("what came while the line was down stands below the line new", async (t) => {
  const arrived = await enter(await arrive(), [messageEvent(1)], { seq: 1 })
  t.after(arrived.chat.close)
  const channels = [{ ...GENERAL_CHANNEL, unread: 2, read_seq: 1, last_seq: 3 }]
  const again = await comeBack(arrived, { seq: 3, resumed: true, channels })
  say(again, messageEvent(2), messageEvent(3))
  assert.equal(arrived.chat.store.get().room.dividers["general"], 1)
})

test("one's own messages are read on the server when the member leaves, once for all of them", async (t) => {
  const arrived = await enter(await arrive(), [], { channels: [GENERAL_CHANNEL, PLANS] })
  t.after(arrived.chat.close)
  const { chat, socket } = arrived
  const read = () => socket.framesOf("read").map(({ seq }) => seq)
  chat.attend(true)
  say(socket, messageEvent(1, { author: "anna" }))
  say(socket, messageEvent(2, { author: "anna" }))
  assert.deepEqual(read(), [])
  chat.attend(false)
  chat.attend(false)
  assert.deepEqual(read(), [2])
  chat.attend(true)
  say(socket, messageEvent(3, { author: "anna" }), messageEvent(4))
  assert.deepEqual(read(), [2, 4])
  say(socket, messageEvent(5, { author: "anna" }))
  chat.open("plans")
  assert.deepEqual(read(), [2, 4, 5])
})

test("what is marked unread stays so until the member comes back to the channel, or writes in it", async (t) => {
  const arrived = await enter(await arrive(), [], { channels: [GENERAL_CHANNEL, PLANS] })
  t.after(arrived.chat.close)
  const { chat, socket } = arrived
  const read = () => socket.framesOf("read").map(({ seq }) => seq)
  const unread = () => chat.store.get().room.channels["general"]?.unread
  const back = { type: "read", channel: "general", seq: 1, unread: 2, mentions: 0, back: true }
  chat.attend(true)
  say(socket, messageEvent(1), messageEvent(2), messageEvent(3))
  assert.deepEqual([read(), unread()], [[3], 0])
  socket.say(back)
  chat.attend(false)
  chat.attend(true)
  say(socket, messageEvent(4))
  assert.deepEqual([read(), unread(), chat.store.get().room.dividers["general"]], [[3], 3, 1])
  chat.toNewest()
  chat.attend(true)
  chat.open("general", 2)
  chat.attend(true)
  assert.deepEqual([read(), unread()], [[3], 3])
  chat.open("plans")
  assert.deepEqual([read(), unread()], [[3], 3])
  chat.open("general")
  chat.attend(true)
  assert.deepEqual([read(), unread()], [[3, 4], 0])
  socket.say(back)
  say(socket, messageEvent(5, { author: "anna" }))
  chat.open("plans")
  assert.deepEqual([read(), unread()], [[3, 4, 5], 0])
  // Of another channel than the one that is open, it says only where that stands.
  socket.say({ ...back, channel: "plans", seq: 0, unread: 1 })
  socket.say({ ...back, unread: 4 })
  assert.equal(unread(), 4)
})

test("another channel is shown with the first rendering after it was opened", async (t) => {
  const arrived = await enter(await arrive(), [], { channels: [GENERAL_CHANNEL, PLANS] })
  t.after(arrived.chat.close)
  const { chat, clock, socket } = arrived
  chat.attend(true)
  say(socket, messageEvent(1, { author: "anna" }))
  clock.pass(1_000)
  const rendered: (string | undefined)[] = []
  chat.store.subscribe(() => rendered.push(chat.store.get().opened?.channel))
  chat.open("plans")
  assert.equal(rendered[0], "plans")
})

test("an older page that comes after a jump does not join a run it does not border on", async (t) => {
  const arrived = await enter(await arrive(), [])
  t.after(arrived.chat.close)
  const { chat, socket } = arrived
  const answer = (frame: { readonly ref?: unknown } | undefined, seqs: readonly number[]) =>
    socket.say({
      type: "history",
      ref: frame?.ref,
      channel: "general",
      messages: seqs.map((seq) => messageEvent(seq)),
      more: true,
      older: true,
      newer: true,
    })
  chat.open("general", 500)
  answer(socket.framesOf("history").at(-1), [499, 500])
  await settle()
  chat.loadOlder()
  const late = socket.framesOf("history").at(-1)
  chat.open("general", 900)
  answer(socket.framesOf("history").at(-1), [899, 900])
  await settle()
  answer(late, [497, 498])
  await settle()
  assert.deepEqual(shown(arrived), ["m899", "m900"])
})

test("a new device of somebody else is told in passing to admins, and to nobody else", async () => {
  const boris = { id: "boris", name: "Boris", role: "member" as const, online: true }
  const told = async (member: object, role: string) => {
    const arrived = await enter(await arrive(), [], { members: [ANNA, boris], member: { ...ANNA, role } })
    arrived.socket.say({ type: "events", events: [{ kind: "member", seq: 1_000, reason: "new_device", member }] })
    await settle()
    return arrived.chat.store.get().notices.map(({ code }) => code)
  }
  assert.deepEqual(await told(boris, "member"), [])
  assert.deepEqual(await told(boris, "admin"), ["new_device"])
  assert.deepEqual(await told(ANNA, "member"), [])
})

test("who becomes an admin says hello again, and who is none any more keeps no question for admins", async (t) => {
  const arrived = await enter(await arrive(), [], { seq: 5 })
  t.after(arrived.chat.close)
  const { chat, socket } = arrived
  const become = async (seq: number, role: string, invites: boolean) => {
    const greeted = socket.framesOf("hello").length
    const member = { ...ANNA, role }
    socket.say({ type: "events", events: [{ kind: "member", seq, reason: "role", member: { ...BORIS, role } }] })
    assert.equal(socket.framesOf("hello").length, greeted, "it is another's role")
    socket.say({ type: "events", events: [{ kind: "member", seq: seq + 1, reason: "role", member }] })
    assert.deepEqual(socket.framesOf("hello").slice(greeted), [
      { type: "hello", last_seq: seq + 1, acks: false, lanes: {} },
    ])
    socket.say(welcomeFrame({ seq: seq + 1, resumed: true, member, invites }))
    await settle()
    const { room } = chat.store.get()
    assert.deepEqual([room.me.role, room.invites, room.seq], [role, invites, seq + 1])
  }
  await become(6, "admin", true)
  const asked = { id: "q", compare: "031872", agent: "", expires_at: 0 }
  socket.say({ type: "approval", ...asked, member: "boris" })
  socket.say({ type: "confirmation", ...asked, id: "own", code: "123456" })
  assert.deepEqual(
    chat.store.get().questions.map(({ id }) => id),
    ["q", "own"],
  )
  await become(8, "member", false)
  assert.deepEqual(
    chat.store.get().questions.map(({ id }) => id),
    ["own"],
  )
})

test("who is no admin any more when the line is back keeps no question for admins", async (t) => {
  const arrived = await enter(await arrive(), [], { member: { ...ANNA, role: "admin" } })
  t.after(arrived.chat.close)
  const { chat, socket } = arrived
  const asked = { id: "q", compare: "031872", agent: "", expires_at: 0 }
  socket.say({ type: "approval", ...asked, member: "boris" })
  socket.say({ type: "confirmation", ...asked, id: "own", code: "123456" })
  const left = async (role: string) => {
    socket.say(welcomeFrame({ resumed: true, member: { ...ANNA, role } }))
    await settle()
    return chat.store.get().questions.map(({ id }) => id)
  }
  assert.deepEqual(await left("admin"), ["q", "own"])
  assert.deepEqual(await left("member"), ["own"])
})

test("how much is new around the member is counted from what the room says", async (t) => {
  const arrived = await enter(await arrive(), [], { activity: { seen: 5, unseen: 2 } })
  t.after(arrived.chat.close)
  const { chat, socket } = arrived
  assert.equal(chat.store.get().unseen, 2)
  socket.say({ type: "activity.new", channel: "general", seq: 9, why: "mention" })
  assert.equal(chat.store.get().unseen, 3)
  socket.say({ type: "activity.seen", seen: 9, unseen: 0 })
  assert.equal(chat.store.get().unseen, 0)
})

test("what happened to one's name is shown once, and stays until it was seen, here or elsewhere", async (t) => {
  const arrived = await enter(await arrive(), [])
  t.after(arrived.chat.close)
  const { chat, socket } = arrived
  const shown = () => chat.store.get().alerts.map(({ id, kind }) => `${id} ${kind}`)
  for (const id of ["a1", "a2", "a1"]) socket.say({ type: "alert", id, kind: "new_device", at: 1 })
  assert.deepEqual(shown(), ["a2 new_device", "a1 new_device"])
  socket.say({ type: "alert.done", id: "a2" })
  assert.deepEqual(shown(), ["a1 new_device"])
  const seeing = chat.see("a1")
  const request = socket.framesOf("alert.seen")[0]
  assert.equal(request?.["id"], "a1")
  assert.deepEqual(shown(), ["a1 new_device"], "not before the server knows")
  socket.say({ type: "ok", ref: request?.["ref"] })
  await seeing
  assert.deepEqual(shown(), [])
})

test("an own new device is an alert, which stays, and no notice that passes", async (t) => {
  const arrived = await enter(await arrive(), [])
  t.after(arrived.chat.close)
  arrived.socket.say({ type: "events", events: [{ kind: "member", seq: 1, member: ANNA, reason: "new_device" }] })
  assert.deepEqual(arrived.chat.store.get().notices, [])
})

test("everyone else is told who joined and by whose invitation, and nobody of a name that nobody knows", async () => {
  const carla = { ...BORIS, id: "carla", name: "Carla" }
  const join = (seq: number, member: object, more: object) => ({
    kind: "member",
    seq,
    member,
    reason: "joined",
    ...more,
  })
  const arrived = await enter(await arrive())
  const events = [
    join(1, carla, { invited_by: BORIS.id }),
    join(2, { ...carla, id: "d", name: "Dora" }, {}),
    join(3, { ...carla, id: "e", name: "Emil" }, { invited_by: "gone" }),
    join(4, ANNA, { invited_by: BORIS.id }),
  ]
  arrived.socket.say({ type: "events", events })
  await settle()
  const told = arrived.chat.store.get().notices.map(({ code, name, by }) => [code, name, by])
  assert.deepEqual(told, [["invited", "Carla", "Boris"]])
})

test("what a dialog asks the room for is answered to it, and a link is made, seen and revoked so", async () => {
  const { chat, socket } = await enter(await arrive(), [], { invites: true })
  assert.equal(chat.store.get().room.invites, true)
  const asking = chat.ask({ type: "invite.create", digest: "d", hours: 1, uses: null })
  const [sent] = socket.framesOf("invite.create")
  assert.deepEqual([sent?.["digest"], sent?.["hours"], sent?.["uses"]], ["d", 1, null])
  socket.say({ type: "invite", ref: sent?.["ref"], id: "i1", expires_at: 9 })
  assert.deepEqual(await asking, { type: "invite", ref: sent?.["ref"], id: "i1", expires_at: 9 })
  const listing = chat.ask({ type: "invites" })
  const invite = { id: "i1", label: "", by: "anna", created_at: 1, expires_at: 9, uses: null, used: ["boris"] }
  socket.say({ type: "invites", ref: socket.framesOf("invites")[0]?.["ref"], invites: [invite] })
  const listed = await listing
  assert.deepEqual("invites" in listed && listed.invites, [invite])
  const revoking = chat.change({ type: "invite.revoke", id: "i1" })
  socket.say({ type: "error", ref: socket.framesOf("invite.revoke")[0]?.["ref"], code: "not_found" })
  assert.equal(await revoking, "not_found")
})

test("what sends files is downloaded with the first message that has some, once, and leaves with the member", async () => {
  const file = { id: "f", key: "k", name: "a.png", type: "image/png", size: 3 }
  const done: string[] = []
  let downloads = 0
  // as: what the hub calls of it.
  const engine = {
    upload: ({ id }) => done.push(`upload ${id}`),
    finish: ({ id }, isSent) => done.push(`finish ${id} ${isSent}`),
    stop: () => done.push("stop"),
  } as Partial<FilesEngine> as FilesEngine
  const loadFiles = async () => {
    if (++downloads === 1) throw new Error("no network")
    return { createFiles: () => engine }
  }
  const { chat, socket } = await enter(await arrive({}, loadFiles))
  chat.say("general", { body: "words", mentions: [], replyTo: null })
  await settle()
  const [{ id: words } = { id: "" }] = chat.store.get().outgoing
  socket.say({ type: "ack", ref: words, seq: 1, sent_at: 1 })
  await settle()
  assert.equal(downloads, 0)
  chat.say("general", { body: "", mentions: [], replyTo: null, files: [{ ...file, done: [] }] })
  await settle()
  assert.deepEqual([downloads, done], [1, []])
  const [{ id } = { id: "" }] = chat.store.get().outgoing
  chat.retry(id)
  await settle()
  assert.deepEqual([downloads, done], [2, [`upload ${id}`]])
  assert.equal(await chat.files(), engine)
  socket.say({ type: "events", events: [messageEvent(2, { id, author: ANNA.id, body: "", files: [file] })] })
  await settle()
  chat.close()
  await settle()
  assert.deepEqual([downloads, done.slice(1)], [2, [`finish ${id} true`, "stop"]])
})
