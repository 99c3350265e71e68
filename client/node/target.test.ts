import assert from "node:assert/strict"
import { test } from "node:test"
import { fakeClock, welcomeFrame } from "../core/fakes.ts"
import { parseFrame, type Request, type ServerFrame, type Welcome } from "../core/protocol.ts"
import { Refused, type Result } from "../core/requests.ts"
import type { Entered } from "./entering.ts"
import type { RoomLine } from "./line.ts"
import { nodePorts } from "./ports.ts"
import { targetOf } from "./target.ts"

const PLACE = { origin: "https://chat.example", room: "main" }
const DONE: Result = { type: "ack", ref: "", seq: 1, sent_at: null, channel: "c" }
const turns = () => new Promise((resolve) => setImmediate(resolve))
// as: the frame that the core's fakes make is one.
const welcome = (parts: object) => parseFrame(JSON.stringify(welcomeFrame(parts))) as ServerFrame & Welcome

function dial(...answers: readonly (string | Result)[]) {
  const clock = fakeClock()
  const asked: Request[] = []
  const left = [...answers]
  const ask = async (request: Request): Promise<Result> => {
    asked.push(request)
    const answer = left.shift() ?? DONE
    if (typeof answer === "string") throw new Refused(answer, "why")
    return answer
  }
  // as: of the line and the session it uses no more than this.
  const line = { welcome: welcome({ seq: 1 }), requests: { ask } } as unknown as RoomLine
  const entered = { api: { call: () => Promise.reject(new Error("no network")) } } as unknown as Entered
  const stop = new AbortController()
  const ports = { ...nodePorts(PLACE, "test"), clock }
  return { clock, asked, stop, target: targetOf(PLACE, ports, entered, line, 60_000, stop.signal) }
}

test("a room that is busy, and a line that is lost, are waited for", async () => {
  const { target, clock, asked } = dial("internal", "unreachable")
  const asking = target.ask({ type: "import", channel: "c", messages: [] })
  for (const pause of [1_000, 2_000]) {
    await turns()
    clock.pass(pause)
  }
  assert.equal(await asking, DONE)
  assert.equal(asked.length, 3)
})

test("what may have been done already is not asked for again by itself", async () => {
  const { target, clock, asked } = dial("unreachable")
  const asking = target.ask({ type: "channel.create", name: "plans" })
  await turns()
  clock.pass(1_000)
  await assert.rejects(asking, { name: "Refused", code: "unreachable" })
  assert.equal(asked.length, 1)
})

test("refusals and interruptions end it", async () => {
  const { target, stop } = dial("malformed")
  await assert.rejects(target.ask({ type: "channel.create", name: "" }), { code: "malformed", detail: "why" })
  stop.abort(new Error("stopped"))
  await assert.rejects(target.ask({ type: "channel.create", name: "" }), { message: "stopped" })
})

test("the room is as the newest welcome says", () => {
  const { target } = dial()
  target.hear(welcome({ retention_days: 7 }))
  assert.equal(target.here().retention_days, 7)
})
