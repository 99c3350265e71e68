import assert from "node:assert/strict"
import { test } from "node:test"
import { FakeSocket, fakeClock, fakeWebSocket, settle, welcomeFrame } from "../core/fakes.ts"
import { connect } from "./line.ts"
import { nodePorts } from "./ports.ts"

const PLACE = { origin: "https://chat.example", room: "team" }
const ASK = { type: "history", channel: "general", before: null, limit: 10 } as const

function dial() {
  const clock = fakeClock()
  let ids = 0
  const ports = { ...nodePorts(PLACE, "test"), WebSocket: fakeWebSocket, clock, uuid: () => `id-${++ids}` }
  const heard: string[] = []
  const connecting = connect(PLACE, ports, { onFrame: ({ type }) => heard.push(type) })
  return { clock, connecting, heard }
}

async function welcomed() {
  const dialled = dial()
  await settle()
  const socket = FakeSocket.last()
  socket.accept()
  socket.say(welcomeFrame({ seq: 7 }))
  return { ...dialled, socket, line: await dialled.connecting }
}

test("it says hello and knows the room by the welcome", async () => {
  const { line, socket } = await welcomed()
  assert.equal(socket.url, "wss://chat.example/api/rooms/team/socket")
  assert.deepEqual(socket.frames()[0], { type: "hello", last_seq: null, acks: false, lanes: {} })
  assert.equal(line.welcome.seq, 7)
  line.close()
})

test("questions find their answers, other frames go to whoever listens, refusals are said", async () => {
  const { line, socket, heard } = await welcomed()
  const asked = line.ask(ASK)
  socket.say({ type: "presence", online: [], offline: [] })
  socket.say({ type: "history", ref: "id-1", channel: "general", messages: [], more: false })
  assert.equal((await asked).type, "history")
  assert.deepEqual(heard, ["welcome", "presence"])
  const refused = line.ask(ASK)
  socket.say({ type: "error", ref: "id-2", code: "not_found" })
  await assert.rejects(refused, { name: "Trouble", message: /not_found/ })
  line.close()
})

test("a line that breaks comes back, and the question with it", async () => {
  const { line, socket, clock } = await welcomed()
  const asked = line.ask(ASK)
  socket.drop()
  clock.pass(2_000)
  await settle()
  const next = FakeSocket.last()
  assert.notEqual(next, socket)
  next.accept()
  assert.deepEqual(next.framesOf("history")[0], { ...ASK, ref: "id-1" })
  next.say({ type: "history", ref: "id-1", channel: "general", messages: [], more: false })
  assert.equal((await asked).type, "history")
  line.close()
})

test("a session that ends ends everything that waits", async () => {
  const { line, socket } = await welcomed()
  const asked = line.ask(ASK)
  socket.drop(4401)
  await assert.rejects(asked, { name: "Trouble", message: /session has ended/ })
  const { connecting } = dial()
  await settle()
  FakeSocket.last().drop(4401, "removed")
  await assert.rejects(connecting, { name: "Trouble", message: /removed this member/ })
})

test("a room that stays silent is not waited for for ever", async () => {
  const { connecting, clock } = dial()
  await settle()
  clock.pass(60_000)
  await assert.rejects(connecting, { name: "Trouble", message: /does not answer/ })
})
