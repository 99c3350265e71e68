import assert from "node:assert/strict"
import { test } from "node:test"
import { FakeSocket, fakeClock, fakeWebSocket, settle } from "./fakes.ts"
import { type Connection, createLine } from "./line.ts"

async function dial() {
  const clock = fakeClock()
  const told: Connection[] = []
  let ended = 0
  const removals: boolean[] = []
  const line = createLine(
    { url: "wss://chat.example/socket", WebSocket: fakeWebSocket, clock, isOnline: () => true },
    {
      onOpen: () => line.markLive(),
      onFrame: () => undefined,
      onConnection: (connection) => told.push(connection),
      onEnded: (removed) => {
        ended += 1
        removals.push(removed)
      },
    },
  )
  await settle()
  return { line, clock, told, ended: () => ended, removals, socket: FakeSocket.last() }
}

test("the line speaks chat.v1", async (t) => {
  const { line, socket } = await dial()
  t.after(line.close)
  assert.deepEqual(socket.protocols, ["chat.v1"])
})

test("it pings every 25 seconds, and a line that stays silent is given up for a new one", async (t) => {
  const { line, clock, socket } = await dial()
  t.after(line.close)
  socket.accept()
  clock.pass(25_000)
  assert.deepEqual(socket.sent, ["ping"])
  socket.say("pong")
  clock.pass(25_000)
  assert.deepEqual(socket.sent, ["ping", "ping"])
  clock.pass(8_000)
  await settle()
  assert.notEqual(FakeSocket.last(), socket)
  assert.equal(socket.readyState, 3)
})

test("waking a live line checks it; waking a dead one dials at once", async (t) => {
  const { line, socket } = await dial()
  t.after(line.close)
  socket.accept()
  line.wake()
  assert.deepEqual(socket.sent, ["ping"])
  socket.drop()
  line.wake()
  await settle()
  assert.notEqual(FakeSocket.last(), socket)
})

test("when the line breaks, it is said when the next attempt comes", async (t) => {
  const { line, clock, told, socket } = await dial()
  t.after(line.close)
  socket.accept()
  socket.drop()
  const last = told.at(-1)
  assert.equal(last?.status, "waiting")
  assert.ok(last?.status === "waiting" && last.retry_at > clock.now())
})

test("each attempt that fails is followed by a longer wait, which ends when it was said to", async (t) => {
  const { line, clock, told, socket } = await dial()
  t.after(line.close)
  socket.accept()
  const waits: number[] = []
  for (let attempt = 0; attempt < 9; attempt++) {
    const lost = FakeSocket.last()
    lost.drop(1006)
    const last = told.at(-1)
    assert.ok(last?.status === "waiting")
    const ms = last.retry_at - clock.now()
    waits.push(Math.round(ms))
    clock.pass(ms - 1)
    await settle()
    assert.equal(FakeSocket.last(), lost)
    clock.pass(1)
    await settle()
    assert.notEqual(FakeSocket.last(), lost)
  }
  assert.deepEqual(waits, [1000, 1700, 2890, 4913, 8352, 14_199, 24_138, 30_000, 30_000])
})

test("waking a line that waits dials at once, and the next wait is a short one again", async (t) => {
  const { line, clock, told, socket } = await dial()
  t.after(line.close)
  socket.accept()
  for (const ms of [1_000, 1_700]) {
    FakeSocket.last().drop(1006)
    clock.pass(ms)
    await settle()
  }
  const waiting = FakeSocket.last()
  waiting.drop(1006)
  await settle()
  line.wake()
  assert.equal(told.at(-1)?.status, "connecting")
  await settle()
  assert.notEqual(FakeSocket.last(), waiting)
  FakeSocket.last().drop(1006)
  const last = told.at(-1)
  assert.equal(last?.status === "waiting" && last.retry_at - clock.now(), 1_000)
})

test("a line that rests is tried now and then, as browsers take some networks for none", async (t) => {
  const { line, clock, told, socket } = await dial()
  t.after(line.close)
  socket.accept()
  line.rest()
  clock.pass(30_000)
  await settle()
  assert.notEqual(FakeSocket.last(), socket)
  FakeSocket.last().accept()
  assert.equal(told.at(-1)?.status, "live")
})

test("a line that rests while it waits does not dial when the wait is over, and dials once when it is woken", async (t) => {
  const { line, clock, socket } = await dial()
  t.after(line.close)
  socket.accept()
  socket.drop(1006)
  await settle()
  line.rest()
  clock.pass(20_000)
  await settle()
  assert.equal(FakeSocket.last(), socket)
  const before = FakeSocket.opened.length
  line.wake()
  line.wake()
  await settle()
  assert.equal(FakeSocket.opened.length, before + 1)
})

test("without a network the line rests, and dials when there is one again", async (t) => {
  const { line, told, socket } = await dial()
  t.after(line.close)
  socket.accept()
  line.rest()
  assert.equal(told.at(-1)?.status, "offline")
  assert.equal(socket.readyState, 3)
  await settle()
  assert.equal(FakeSocket.last(), socket)
  line.wake()
  await settle()
  assert.notEqual(FakeSocket.last(), socket)
})

test("an ended session is not dialled again", async (t) => {
  const { line, clock, told, ended, socket } = await dial()
  t.after(line.close)
  socket.accept()
  socket.drop(4401)
  clock.pass(120_000)
  await settle()
  assert.equal(ended(), 1)
  assert.equal(told.at(-1)?.status, "ended")
  assert.equal(FakeSocket.last(), socket)
})

test("whom an admin removes is said so", async (t) => {
  for (const [reason, removed] of [
    ["removed", true],
    ["session ended", false],
  ] as const) {
    const { line, removals, socket } = await dial()
    t.after(line.close)
    socket.accept()
    socket.drop(4401, reason)
    await settle()
    assert.deepEqual(removals, [removed])
  }
})

test("a server that asks for a pause gets one", async (t) => {
  const { line, clock, socket } = await dial()
  t.after(line.close)
  socket.accept()
  socket.drop(4429)
  clock.pass(14_000)
  await settle()
  assert.equal(FakeSocket.last(), socket)
  clock.pass(1_000)
  await settle()
  assert.notEqual(FakeSocket.last(), socket)
})

test("a frame that cannot be read does not stop the ones after it", async (t) => {
  t.mock.method(console, "error", () => undefined)
  const { line, socket } = await dial()
  t.after(line.close)
  socket.accept()
  socket.say("{ not json")
  socket.say({ type: "ack", seq: "seven" })
  line.wake()
  assert.deepEqual(socket.sent, ["ping"])
})

test("an attempt that nobody answers is given up after ten seconds, and another one follows", async (t) => {
  const { line, clock, told, socket } = await dial()
  t.after(line.close)
  clock.pass(10_000)
  assert.equal(socket.readyState, 3)
  assert.equal(told.at(-1)?.status, "waiting")
  clock.pass(1_000)
  assert.notEqual(FakeSocket.last(), socket)
})

test("a line that lasted five seconds waits as short as the first time when it breaks", async (t) => {
  const { line, clock, told } = await dial()
  t.after(line.close)
  const waits: number[] = []
  for (const lasted of [0, 4_999, 5_000]) {
    FakeSocket.last().accept()
    clock.pass(lasted)
    FakeSocket.last().drop(1006)
    const last = told.at(-1)
    assert.ok(last?.status === "waiting")
    waits.push(last.retry_at - clock.now())
    clock.pass(last.retry_at - clock.now())
  }
  assert.deepEqual(waits, [1_000, 1_700, 1_000])
})

test("what a line says that was given up is not heard", async (t) => {
  const { line, clock, told, socket } = await dial()
  t.after(line.close)
  clock.pass(10_000)
  clock.pass(1_000)
  FakeSocket.last().accept()
  const said = told.length
  socket.dispatchEvent(new Event("error"))
  socket.dispatchEvent(Object.assign(new Event("close"), { code: 1006, reason: "" }))
  assert.equal(told.length, said)
})

test("an error is a loss, and the close that follows it is no second one", async (t) => {
  const { line, clock, told, socket } = await dial()
  t.after(line.close)
  socket.dispatchEvent(new Event("error"))
  socket.drop(1006)
  assert.equal(told.filter(({ status }) => status === "waiting").length, 1)
  const before = FakeSocket.opened.length
  clock.pass(1_000)
  assert.equal(FakeSocket.opened.length, before + 1)
})
