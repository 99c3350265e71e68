import assert from "node:assert/strict"
import { type TestContext, test } from "node:test"
import { createDrafts, type Device, stepOf } from "./drafts.ts"
import {
  DEN,
  FakeSocket,
  fakeClock,
  fakePorts,
  GENERAL_CHANNEL,
  settle,
  shelvesOfTabs,
  welcomed,
  welcomeFrame,
} from "./fakes.ts"
import type { Shelf } from "./ports.ts"

const REST_MS = 3_000

test("one side that has changed alone is followed; where both have, each keeps its own until one is gone", () => {
  const cases: [here: string, there: string, agreed: string, step: ReturnType<typeof stepOf>][] = [
    ["", "", "", "agree"],
    ["a", "a", "", "agree"],
    ["a", "", "", "give"],
    ["b", "a", "a", "give"],
    ["", "a", "a", "give"],
    ["", "a", "", "take"],
    ["a", "b", "a", "take"],
    ["a", "", "a", "take"],
    ["", "b", "a", "take"],
    ["b", "", "a", "give"],
    ["b", "c", "a", "keep"],
    ["b", "c", "", "keep"],
  ]
  for (const [here, there, agreed, step] of cases) assert.equal(stepOf(here, there, agreed), step)
  // What was given, and may have come there, is no change of somebody else's.
  assert.equal(stepOf("", "a", "", "a"), "give")
  assert.equal(stepOf("b", "a", "", "a"), "give")
  assert.equal(stepOf("a", "", "a", ""), "take")
})

/** A room that keeps drafts, and the devices of one member. */
function room(t: TestContext) {
  const clock = fakeClock()
  const kept = new Map<string, string>()
  const devices: { socket: FakeSocket; read: number; deaf?: boolean }[] = []
  const given: string[] = []
  /** Answers that are late, until it is null. */
  const line = { late: null as (() => void)[] | null }

  const answer = (from: (typeof devices)[number], frame: Readonly<Record<string, unknown>>) => {
    const { type, ref, channel, body } = frame
    if (type === "drafts") {
      const drafts = [...kept].map(([id, text]) => ({ channel: id, ...(text === "damaged" ? {} : { body: text }) }))
      from.socket.say({ type, ref, drafts })
    }
    if (type !== "draft") return
    given.push(`${channel}: ${body}`)
    if (body === "") kept.delete(String(channel))
    else kept.set(String(channel), String(body))
    const { socket } = from
    const done = () => socket.say({ type: "ok", ref })
    if (line.late === null) done()
    else line.late.push(done)
    for (const each of devices) if (each !== from && !each.deaf) each.socket.say({ type, channel, body })
  }

  /** Lets time pass, and frames reach whom they are for. */
  const pass = async (ms = 200) => {
    clock.pass(ms)
    for (let round = 0; round < 4; round++) {
      await settle()
      for (const device of devices) {
        device.socket.say("pong")
        for (const frame of device.socket.frames().slice(device.read)) {
          device.read += 1
          answer(device, frame)
        }
      }
      clock.pass(200)
    }
  }

  const open = async (shelf?: Shelf) => {
    const { chat, socket } = await welcomed(t, fakePorts({ clock, ...(shelf === undefined ? {} : { shelf }) }))
    socket.say(welcomeFrame({ channels: [GENERAL_CHANNEL, { ...GENERAL_CHANNEL, id: "pier", name: "pier" }, DEN] }))
    chat.open("general")
    const own: (typeof devices)[number] = { socket, read: socket.frames().length }
    devices.push(own)
    const device: Device = { isVisible: () => true, replacing: (show) => show() }
    const drafts = createDrafts(chat, device)
    t.after(drafts.stop)
    await pass()
    return {
      chat,
      drafts,
      device,
      text: (channel = "general") => chat.notes.get(`draft:${channel}`),
      write: (text: string, channel = "general") => chat.notes.set(`draft:${channel}`, text),
      say: (frame: object) => own.socket.say(frame),
      /** What the room says comes no more, and the line does not know that yet. */
      miss: () => {
        own.deaf = true
      },
      lose: () => own.socket.drop(),
      asked: (type: string) => own.socket.framesOf(type).at(-1) ?? {},
      /** The line is there again. */
      comeBack: async () => {
        clock.pass(2_000)
        own.socket = FakeSocket.last()
        own.socket.accept()
        own.read = own.socket.frames().length
        own.socket.say(welcomeFrame({ channels: [GENERAL_CHANNEL, DEN] }))
        await pass()
      },
    }
  }
  return { open, pass, kept, given, line }
}

test("what is begun here follows once somebody rests, goes when it is sent, and costs nothing before", async (t) => {
  const { open, pass, given } = room(t)
  const [phone, laptop] = [await open(), await open()]
  phone.write("On my")
  await pass(1_000)
  phone.write("On my way")
  await pass(1_000)
  assert.deepEqual(given, [])
  await pass(REST_MS)
  assert.deepEqual([given, laptop.text()], [["general: On my way"], "On my way"])
  laptop.write("On my way home")
  await pass(REST_MS)
  assert.equal(phone.text(), "On my way home")
  phone.write("")
  await pass()
  assert.deepEqual([given.at(-1), laptop.text()], ["general: ", ""])
  // Written and sent in one go.
  phone.write("yes")
  phone.write("")
  await pass(REST_MS)
  phone.write("  ")
  await pass(REST_MS)
  assert.equal(given.length, 3)
})

test("a device that comes later finds it, and a damaged one takes nothing away", async (t) => {
  const { open, pass, kept } = room(t)
  kept.set("pier", "begun")
  const phone = await open()
  assert.equal(phone.text("pier"), "begun")
  kept.set("pier", "damaged")
  phone.lose()
  await phone.comeBack()
  await pass(REST_MS)
  assert.equal(phone.text("pier"), "begun")
})

test("what is being written stays, whatever comes from elsewhere", async (t) => {
  const { open, pass, kept } = room(t)
  const [phone, laptop] = [await open(), await open()]
  laptop.write("cake")
  await pass(REST_MS)
  phone.write("cake and tea")
  laptop.write("")
  await pass(1_000)
  assert.equal(phone.text(), "cake and tea")
  await pass(REST_MS)
  assert.deepEqual([laptop.text(), kept.get("general")], ["cake and tea", "cake and tea"])
})

test("texts that were begun at both without knowing of each other stay, until one is sent", async (t) => {
  const { open, pass, kept } = room(t)
  const [phone, laptop] = [await open(), await open()]
  phone.lose()
  phone.write("from the train")
  await pass(REST_MS)
  laptop.write("from home")
  await pass(REST_MS)
  await phone.comeBack()
  await pass(REST_MS)
  assert.deepEqual([phone.text(), laptop.text(), kept.get("general")], ["from the train", "from home", "from home"])
  phone.write("from the train, again")
  await pass(REST_MS)
  assert.deepEqual([laptop.text(), kept.get("general")], ["from home", "from home"])
  laptop.write("")
  await pass(REST_MS)
  assert.deepEqual([phone.text(), laptop.text()], ["from the train, again", "from the train, again"])
})

test("without a line nothing goes out, and the last text does when it is back", async (t) => {
  const { open, pass, given } = room(t)
  const [phone, laptop] = [await open(), await open()]
  phone.lose()
  for (const text of ["a", "ab", "abc"]) phone.write(text)
  await pass(REST_MS)
  assert.deepEqual(given, [])
  await phone.comeBack()
  assert.deepEqual([given, laptop.text()], [["general: abc"], "abc"])
})

test("whoever leaves the channel or the page does not have to rest first", async (t) => {
  const { open, pass, given } = room(t)
  const phone = await open()
  phone.write("left behind")
  phone.chat.open("pier")
  await pass()
  assert.deepEqual(given, ["general: left behind"])
  phone.write("too", "pier")
  phone.device.isVisible = () => false
  phone.drafts.flush()
  await pass()
  assert.deepEqual(given.slice(1), ["pier: too"])
})

test("of the tabs of a browser the one gives that is looked at", async (t) => {
  const { open, pass, given } = room(t)
  const shelves = shelvesOfTabs()
  const [shown, hidden] = [await open(shelves()), await open(shelves())]
  hidden.device.isVisible = () => false
  shown.write("once")
  await pass(REST_MS)
  shown.write("")
  await pass(REST_MS)
  assert.deepEqual([given, hidden.text()], [["general: once", "general: "], ""])
})

test("a tab that has not heard the newest brings nothing back that another one has sent", async (t) => {
  const { open, pass, kept } = room(t)
  const shelves = shelvesOfTabs()
  const [shown, hidden] = [await open(shelves()), await open(shelves())]
  hidden.device.isVisible = () => false
  shown.write("hello")
  await pass(REST_MS)
  hidden.miss()
  shown.write("")
  await pass(REST_MS)
  hidden.device.isVisible = () => true
  hidden.drafts.compare()
  assert.deepEqual([hidden.text(), kept.size], ["", 0])
  hidden.say({ type: "draft", channel: "pier", body: "elsewhere" })
  await pass()
  assert.deepEqual([hidden.text(), hidden.text("pier")], ["", "elsewhere"])
})

test("what comes while a text is given that the room does not take is shown", async (t) => {
  const { open, pass, line } = room(t)
  const [phone, laptop] = [await open(), await open()]
  laptop.write("a")
  await pass(REST_MS)
  line.late = []
  phone.write("ab")
  await pass(REST_MS)
  phone.write("a")
  phone.say({ type: "draft", channel: "general", body: "abc" })
  const { ref } = phone.asked("draft")
  phone.say({ type: "error", ref, code: "archived", detail: "" })
  await pass()
  assert.equal(phone.text(), "abc")
})

test("what is longer than a message stays here", async (t) => {
  const { open, pass, given } = room(t)
  const phone = await open()
  phone.write("x".repeat(4_001))
  await pass(REST_MS)
  assert.deepEqual(given, [])
  phone.write("x".repeat(4_000))
  await pass(REST_MS)
  assert.equal(given.length, 1)
})

test("nothing of a lane that is lost stays in the browser or comes back", async (t) => {
  const { open, pass } = room(t)
  const phone = await open()
  phone.write("psst", "den")
  phone.drafts.compare()
  await pass()
  assert.equal(phone.chat.notes.get("synced:den"), "psst")
  phone.say({ type: "lane.gone", channel: "den" })
  await pass(REST_MS)
  assert.deepEqual([phone.text("den"), phone.chat.notes.get("synced:den")], ["", ""])
  phone.say({ type: "lane", channel: DEN })
  await pass()
  phone.drafts.compare()
  assert.equal(phone.text("den"), "", "they were let in again")
})

for (const [how, drops] of [
  ["comes late", false],
  ["is lost", true],
] as const) {
  test(`what was sent while it was given does not come back when the answer ${how}`, async (t) => {
    const { open, pass, kept, line } = room(t)
    const phone = await open()
    phone.write("On my way")
    line.late = []
    await pass(REST_MS)
    assert.equal(kept.get("general"), "On my way")
    phone.write("") // it is sent
    await pass()
    const answers = line.late
    line.late = null
    if (drops) {
      phone.lose()
      await phone.comeBack()
    } else for (const answer of answers) answer()
    await pass()
    assert.equal(phone.text(), "")
    await pass()
    assert.equal(kept.has("general"), false)
  })
}
