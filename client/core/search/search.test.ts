import assert from "node:assert/strict"
import { test } from "node:test"
import { createApi } from "../api.ts"
import { createChat } from "../chat.ts"
import { FakeSocket, fakeClock, fakePorts, messageEvent, SESSION, settle, welcomeFrame } from "../fakes.ts"
import { createSearch } from "./search.ts"

const SOON = 300
const hit = (seq: number) => ({ ...messageEvent(seq), match: [[0, 7]] })

async function arrive(t: { after(end: () => void): void }) {
  const clock = fakeClock()
  const ports = fakePorts({ clock })
  const chat = createChat({
    room: "main",
    session: { ...SESSION, member: { ...SESSION.member, role: "member" } },
    ports,
    api: createApi("main", ports.origin, ports.fetch),
    onEnded: () => undefined,
    onLeft: () => undefined,
    sessionStands: async () => true,
  })
  t.after(chat.close)
  await chat.start()
  await settle()
  const socket = FakeSocket.last()
  socket.accept()
  socket.say(welcomeFrame({ seq: 100 }))
  await settle()
  const search = createSearch(chat)
  const asked = () => socket.framesOf("search")
  const answer = async (parts: object = {}, at = -1) => {
    const found = { type: "found", messages: [], cursor: null, back_to: 0, complete: true, ...parts }
    socket.say({ ref: asked().at(at)?.["ref"], ...found })
    await settle()
  }
  const type = async (text: string) => {
    search.type(text)
    clock.pass(SOON)
    await settle()
  }
  const state = search.store.get
  return {
    chat,
    clock,
    socket,
    search,
    asked,
    answer,
    type,
    state,
    hits: () => state().hits.map(({ message }) => message.seq),
  }
}

test("what is typed is asked for once typing rests, and at once with Enter", async (t) => {
  const { search, clock, asked, answer, type, state, hits } = await arrive(t)
  search.type("h")
  search.type("har")
  assert.deepEqual([asked(), state().stage], [[], "waiting"])
  clock.pass(SOON)
  assert.deepEqual([asked().length, asked()[0]?.["query"], asked()[0]?.["limit"]], [1, "har", 20])
  await answer({ messages: [hit(7)] })
  assert.deepEqual([state().stage, hits()], ["found", [7]])
  search.type("harb")
  assert.deepEqual(hits(), [7])
  assert.equal(search.run(), true)
  assert.equal(search.run(), false)
  clock.pass(SOON)
  assert.equal(asked().length, 2)
  await type("")
  assert.deepEqual([asked().length, state().stage, hits()], [2, "idle", []])
  search.begin("quay", [{ name: "author", value: "boris" }])
  assert.deepEqual([asked()[2]?.["query"], asked()[2]?.["author"]], ["quay", "boris"])
})

test("filters become fields and chips, and one that is not complete waits", async (t) => {
  const { search, asked, answer, type, state } = await arrive(t)
  await type("harbour from:bo")
  assert.deepEqual([asked().length, state().stage], [0, "idle"])
  await type("harbour from:boris ")
  assert.deepEqual(state().filters, [{ name: "author", value: "boris" }])
  assert.deepEqual(
    [state().text, asked().at(-1)?.["author"], asked().at(-1)?.["query"]],
    ["harbour ", "boris", "harbour"],
  )
  await answer()
  await type("from:nobody harbour")
  assert.deepEqual([asked().length, state().stage, state().unclear?.value], [1, "unclear", "nobody"])
  search.drop(0)
  await type("")
  assert.deepEqual([state().filters, state().stage], [[], "idle"])
})

test("an answer that comes after another question was asked does not count", async (t) => {
  const { answer, type, hits } = await arrive(t)
  await type("first")
  await type("second")
  await answer({ messages: [hit(2)] }, 1)
  await answer({ messages: [hit(1)] }, 0)
  assert.deepEqual(hits(), [2])
})

test("a search that stopped on its way goes on where it was", async (t) => {
  const { search, asked, answer, type, state, hits } = await arrive(t)
  await type("harbour")
  await answer({ messages: [hit(9)], cursor: "on", back_to: 5, complete: false })
  assert.deepEqual([state().cursor, state().back_to], ["on", 5])
  search.goOn()
  search.goOn()
  assert.deepEqual([asked().length, asked()[1]?.["cursor"], asked()[1]?.["query"]], [2, "on", "harbour"])
  await answer({ messages: [hit(3)], similar: [hit(2)] })
  assert.deepEqual([hits(), state().similar.length, state().cursor], [[9, 3], 1, null])
  search.goOn()
  assert.equal(asked().length, 2)
})

test("where the room finds it too fast, the newest question goes out in a moment", async (t) => {
  const { socket, clock, asked, answer, type, state } = await arrive(t)
  const tooFast = () =>
    socket.say({ type: "error", ref: asked().at(-1)?.["ref"], code: "rate_limited", retry_after: 1 })
  await type("first")
  tooFast()
  await settle()
  assert.deepEqual([state().stage, asked().length], ["waiting", 1])
  await type("second")
  tooFast()
  await settle()
  clock.pass(1_000)
  assert.deepEqual(
    asked().map(({ query }) => query),
    ["first", "second", "second"],
  )
  await answer()
  assert.deepEqual([state().stage, asked().length], ["found", 3])
})

test("a refusal says why, and can be tried again; what was found is looked for anew when something happened", async (t) => {
  const { search, socket, asked, answer, type, state } = await arrive(t)
  await type("harbour")
  socket.say({ type: "error", ref: asked()[0]?.["ref"], code: "internal" })
  await settle()
  assert.deepEqual([state().stage, state().code], ["failed", "internal"])
  search.renew()
  await answer({ messages: [hit(4)] }, 1)
  search.renew()
  assert.equal(asked().length, 2)
  socket.say({ type: "events", events: [messageEvent(101)] })
  search.renew()
  assert.equal(asked().length, 3)
  assert.equal(state().hits.length, 1)
})

test("a hit is shown with the messages before and after it", async (t) => {
  const { search, socket, answer, type, state } = await arrive(t)
  await type("harbour")
  await answer({ messages: [hit(50)] })
  const found = state().hits[0]
  assert.ok(found)
  const around = search.around(found)
  const frame = socket.framesOf("history").at(-1)
  assert.deepEqual([frame?.["around"], frame?.["limit"]], [50, 3])
  const messages = [49, 50, 51].map((seq) => messageEvent(seq))
  socket.say({ type: "history", ref: frame?.["ref"], channel: "general", messages, more: true })
  assert.deepEqual(
    (await around)?.map(({ seq }) => seq),
    [49, 50, 51],
  )
})
