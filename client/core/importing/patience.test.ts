import assert from "node:assert/strict"
import { test } from "node:test"
import { fakeClock } from "../fakes.ts"
import { createPatience } from "./patience.ts"

const turns = () => new Promise((resolve) => setImmediate(resolve))

test("what passes is waited for, longer each time or as long as the room says, and not for ever", async () => {
  const clock = fakeClock()
  const wait = createPatience(clock, 10_000, new AbortController().signal)
  let waits = 0
  const waited = async (after: number | null) => wait("internal", after).then(() => waits++)
  void waited(null)
  clock.pass(999)
  await turns()
  assert.equal(waits, 0)
  clock.pass(1)
  await turns()
  assert.equal(waits, 1)
  void waited(9)
  clock.pass(8_999)
  await turns()
  assert.equal(waits, 1)
  clock.pass(1)
  await turns()
  assert.equal(waits, 2)
  clock.pass(1)
  await assert.rejects(wait("internal", null), { name: "Stopped", code: "internal" })
})

test("what does not pass is not waited for", async () => {
  const wait = createPatience(fakeClock(), 10_000, new AbortController().signal)
  await assert.rejects(wait("forbidden", 1), { name: "Stopped", code: "forbidden" })
})

test("an interruption ends a wait", async () => {
  const stop = new AbortController()
  const waiting = createPatience(fakeClock(), 10_000, stop.signal)("internal", null)
  stop.abort(new Error("stopped"))
  await assert.rejects(waiting, { message: "stopped" })
})
