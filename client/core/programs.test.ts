import assert from "node:assert/strict"
import { test } from "node:test"
import { bot, hook } from "./programs.ts"
import { parseFrame } from "./protocol.ts"
import { Misshapen } from "./shape.ts"

const program = {
  id: "a",
  name: "Alerts",
  rights: ["name"],
  created_by: "olga",
  created_at: 1,
  used_at: null,
  failed_at: 2,
  failure: "malformed",
}

test("an admin reads hooks and bots from their frames", () => {
  const hooks = parseFrame(JSON.stringify({ type: "hooks", ref: "r", hooks: [{ ...program, channel: "general" }] }))
  assert.ok(hooks?.type === "hooks")
  assert.deepEqual(
    hooks.hooks.map((each) => ({ ...hook(each, "hook") })),
    [{ ...program, channel: "general" }],
  )
  const bots = parseFrame(JSON.stringify({ type: "bots", ref: "r", bots: [{ ...program, channels: ["a", "b"] }] }))
  assert.ok(bots?.type === "bots")
  assert.deepEqual(
    bots.bots.map((each) => ({ ...bot(each, "bot") })),
    [{ ...program, channels: ["a", "b"], webhook: null, failing: false }],
  )
  const called = {
    ...program,
    channels: ["a"],
    webhook: { url: "https://bots.example.org/", command: "go" },
    failing: true,
  }
  assert.deepEqual({ ...bot(called, "bot") }, called)
  const made = parseFrame(JSON.stringify({ type: "bot", ref: "r", id: "a", signing_secret: "whsec_" }))
  assert.deepEqual(made, { type: "bot", ref: "r", id: "a", token: "", signing_secret: "whsec_" })
  assert.throws(() => hook({ ...program, channel: 7 }, "hook"), Misshapen)
})
