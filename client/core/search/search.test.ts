import assert from "node:assert/strict"
import { test } from "node:test"
import { fakeClock, fakePorts, messageEvent, settle, welcomed } from "../fakes.ts"
import { createSearch } from "./search.ts"

const SOON = 300
const hit = (seq: number) => ({ ...messageEvent(seq), match: [[0, 7]] })

async function arrive(t: { after(end: () => void): void }) {
  const clock = fakeClock()
  const ports = fakePorts({ clock })
  const { chat, socket } = await welcomed(t, ports, { seq: 100 })
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

test("with nothing to look at it goes on by itself, until something is found or there is no more", async (t) => {
  const { asked, answer, type, state, hits } = await arrive(t)
  await type("harbour")
  await answer({ cursor: "on", back_to: 50, complete: false })
  assert.deepEqual([asked().length, asked()[1]?.["cursor"], state().stage], [2, "on", "waiting"])
  await answer({ messages: [hit(3)], cursor: "further", complete: false })
  assert.deepEqual([asked().length, hits(), state().stage], [2, [3], "found"])
  await type("harbours")
  await answer({ cursor: "on", complete: false })
  await answer()
  assert.deepEqual([asked().length, state().cursor, state().stage], [4, null, "found"])
})

test("when nobody looks any more it stops, and whoever comes back sees it go on", async (t) => {
  const { search, clock, asked, answer, type, state, hits } = await arrive(t)
  await type("harbour")
  search.leave()
  await answer({ cursor: "on", complete: false })
  assert.equal(asked().length, 1)
  search.renew()
  assert.deepEqual([asked().length, state().stage], [2, "waiting"])
  await answer({ messages: [hit(3)] })
  search.leave()
  assert.deepEqual([state().stage, hits()], ["found", [3]])
  search.type("quay")
  search.leave()
  clock.pass(SOON)
  assert.equal(asked().length, 2)
  search.renew()
  assert.deepEqual([asked().length, asked()[2]?.["query"]], [3, "quay"])
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

test("a refusal says why, and can be tried again; who comes back sees what there is by then", async (t) => {
  const { search, socket, asked, answer, type, state } = await arrive(t)
  await type("harbour")
  socket.say({ type: "error", ref: asked()[0]?.["ref"], code: "internal" })
  await settle()
  assert.deepEqual([state().stage, state().code], ["failed", "internal"])
  search.renew()
  await answer({ messages: [hit(4)] }, 1)
  search.leave()
  search.renew()
  assert.deepEqual([asked().length, asked()[2]?.["limit"], state().hits.length], [3, 50, 1])
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

test("what was found follows what happens: an edited text is shown, what is deleted or cleaned up goes", async (t) => {
  const { socket, answer, type, state, hits } = await arrive(t)
  const happens = async (...events: object[]) => {
    socket.say({ type: "events", events })
    await settle()
  }
  await type("harbour")
  await answer({ messages: [hit(9), hit(8), hit(7), hit(6)], similar: [hit(5)] })
  const [edited, deleted] = [messageEvent(9), messageEvent(8)].map(({ id, channel }) => ({ id, channel, by: "boris" }))
  await happens(
    { kind: "edit", seq: 101, ...edited, body: "Elsewhere", edited_at: 7 },
    { kind: "delete", seq: 102, ...deleted, at: 7 },
    { kind: "purge", seq: 103, channel: "general", up_to_seq: 6, count: 2 },
  )
  const shown = state().hits.filter(({ message }) => message.state === "said")
  assert.deepEqual([hits(), shown.map(({ message }) => message.seq), state().similar], [[9, 8, 7], [9, 7], []])
  assert.deepEqual([state().hits[0]?.match, state().hits[2]?.match], [[], [[0, 7]]])
  const [first] = shown
  assert.equal(first?.message.state === "said" && first.message.body, "Elsewhere")
})

test("what happens elsewhere, or to others, changes nothing that was found", async (t) => {
  const { socket, answer, type, state } = await arrive(t)
  await type("harbour")
  await answer({ messages: [hit(9)] })
  const { id } = messageEvent(9)
  const before = state().hits[0]
  socket.say({
    type: "events",
    events: [
      { kind: "delete", seq: 101, id, channel: "another", by: "boris", at: 7 },
      { kind: "delete", seq: 102, id: "another", channel: "general", by: "boris", at: 7 },
      { kind: "purge", seq: 103, channel: "another", up_to_seq: 50, count: 2 },
    ],
  })
  await settle()
  assert.equal(state().hits[0], before)
})
