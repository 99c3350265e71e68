import assert from "node:assert/strict"
import { test } from "node:test"
import { createBots } from "./bots.ts"
import { fakePorts, settle, welcomed } from "./fakes.ts"
import type { Bot } from "./programs.ts"

const CLOCK: Bot = {
  id: "bot1",
  name: "Clock",
  channels: ["general"],
  rights: ["post"],
  created_by: "anna",
  created_at: 1,
  used_at: null,
  failed_at: null,
  failure: null,
  webhook: null,
  failing: false,
}
const WANTED = { name: "Clock", channels: ["general"], rights: ["post"], webhook: null } as const
const SHOWN = { id: "bot1", name: "Clock", channel: "general", token: "main_bot1_secret", secret: "" }

/** An admin inside. */
async function arrive(t: { after(end: () => void): void }) {
  const ports = fakePorts()
  const { chat, socket } = await welcomed(t, ports, { role: "admin" })
  const bots = createBots(chat)
  const asked = (type: string) => socket.framesOf(type)
  const answer = async (type: string, frame: object) => {
    socket.say({ ref: asked(type).at(-1)?.["ref"], ...frame })
    await settle()
  }
  const list = (...all: Bot[]) => answer("bots", { type: "bots", bots: all, webhook_hosts: ["*"] })
  const create = async () => {
    const done = bots.create(WANTED)
    await answer("bot.create", { type: "bot", id: "bot1", token: "main_bot1_secret" })
    await list(CLOCK)
    return done
  }
  return { bots, socket, state: bots.store.get, asked, answer, list, create }
}

test("the list of bots comes, says so when it does not, and leaves the former one", async (t) => {
  const { bots, state, answer, list, socket } = await arrive(t)
  void bots.load()
  assert.deepEqual([state().bots, state().isMissing], [null, false])
  await answer("bots", { type: "error", code: "forbidden", detail: "" })
  assert.deepEqual([state().bots, state().isMissing], [null, true])
  void bots.load()
  await list(CLOCK)
  assert.deepEqual([state().bots, state().isMissing], [[CLOCK], false])
  socket.drop()
  await bots.load()
  assert.deepEqual([state().bots, state().isMissing], [[CLOCK], true])
})

test("the token of a new bot is shown until the admin has done with it", async (t) => {
  const { bots, state, asked, create } = await arrive(t)
  assert.equal(await create(), null)
  const [{ type: _, ref: __, ...sent } = {}] = asked("bot.create")
  assert.deepEqual({ ...sent, webhook: null }, WANTED)
  assert.deepEqual(state().hosts, ["*"])
  assert.deepEqual([state().shown, state().bots], [SHOWN, [CLOCK]])
  bots.forget()
  assert.equal(state().shown, null)
  assert.doesNotMatch(JSON.stringify(state()), /secret/)
})

test("a bot that is refused shows no token", async (t) => {
  const { bots, state, answer } = await arrive(t)
  const done = bots.create(WANTED)
  await answer("bot.create", { type: "error", code: "limit_reached", detail: "" })
  assert.deepEqual([await done, state().shown], ["limit_reached", null])
})

test("a new token takes the place of the former one", async (t) => {
  const { bots, state, answer, list, create } = await arrive(t)
  await create()
  const done = bots.rotate(CLOCK)
  await answer("bot.rotate", { type: "bot", id: "bot1", token: "main_bot1_other" })
  await list(CLOCK)
  assert.equal(await done, null)
  assert.deepEqual(state().shown, { ...SHOWN, token: "main_bot1_other" })
})

test("with a bot goes its token, also when somebody else has ended it", async (t) => {
  const { bots, state, answer, list, create } = await arrive(t)
  await create()
  const refused = bots.revoke(CLOCK)
  await answer("bot.revoke", { type: "error", code: "forbidden", detail: "" })
  assert.deepEqual([await refused, state().shown], ["forbidden", SHOWN])
  const rotated = bots.rotate(CLOCK)
  await answer("bot.rotate", { type: "error", code: "not_found", detail: "" })
  await list()
  assert.deepEqual([await rotated, state().bots], ["not_found", []])
  const done = bots.revoke(CLOCK)
  await answer("bot.revoke", { type: "error", code: "not_found", detail: "" })
  await list()
  assert.deepEqual([await done, state().shown, state().bots], [null, null, []])
})

const WEBHOOK = { url: "https://bots.example.org/clock", command: "time" }

test("a bot that is told at an address shows the secret that signs, once more with each address", async (t) => {
  const { bots, state, asked, answer, list } = await arrive(t)
  const made = bots.create({ ...WANTED, webhook: WEBHOOK })
  await answer("bot.create", { type: "bot", id: "bot1", token: "main_bot1_secret", signing_secret: "whsec_a" })
  await list({ ...CLOCK, webhook: WEBHOOK })
  assert.equal(await made, null)
  assert.deepEqual(asked("bot.create")[0]?.["webhook"], WEBHOOK)
  assert.deepEqual(state().shown, { ...SHOWN, secret: "whsec_a" })
  const told = bots.tell(CLOCK, WEBHOOK)
  await answer("bot.webhook", { type: "bot", id: "bot1", signing_secret: "whsec_b" })
  await list({ ...CLOCK, webhook: WEBHOOK })
  assert.deepEqual([await told, state().shown], [null, { ...SHOWN, token: "", secret: "whsec_b" }])
  bots.forget()
  const ended = bots.tell(CLOCK, null)
  await answer("bot.webhook", { type: "bot", id: "bot1" })
  await list(CLOCK)
  assert.deepEqual([await ended, state().shown], [null, null])
  const refused = bots.tell(CLOCK, WEBHOOK)
  await answer("bot.webhook", { type: "error", code: "forbidden", detail: "" })
  assert.equal(await refused, "forbidden")
})

test("a test says that it arrived, or that it did not, with what the list says of it by then", async (t) => {
  const { bots, state, asked, answer, list } = await arrive(t)
  for (const [frame, failure, test] of [
    [{ type: "ok" }, null, { id: "bot1", state: "done", code: "" }],
    [
      { type: "error", code: "undelivered", detail: "It answered 500." },
      "webhook_status",
      { id: "bot1", state: "refused", code: "undelivered" },
    ],
  ] as const) {
    const done = bots.tryOut(CLOCK)
    void bots.tryOut(CLOCK)
    assert.deepEqual(state().test, { id: "bot1", state: "waiting", code: "" })
    await answer("bot.test", frame)
    await list({ ...CLOCK, failure })
    await done
    assert.deepEqual([state().test, state().bots?.[0]?.failure], [test, failure])
  }
  assert.equal(asked("bot.test").length, 2)
})
