import assert from "node:assert/strict"
import { test } from "node:test"
import { fakePorts, problem, settle, welcomed } from "./fakes.ts"
import { channelsForPrograms, createHooks } from "./hooks.ts"
import type { Hook } from "./programs.ts"
import type { Channel } from "./protocol.ts"

const ALERTS: Hook = {
  id: "hook1",
  name: "Alerts",
  channel: "general",
  rights: ["name"],
  created_by: "anna",
  created_at: 1,
  used_at: null,
  failed_at: null,
  failure: null,
}
const WANTED = { name: "Alerts", channel: "general", rights: ["name"] } as const
const ADDRESS = "https://chat.example/hooks/main_hook1_secret"

/** An admin inside; `posts` are the answers to what is posted to a hook. */
async function arrive(t: { after(end: () => void): void }, posts: (() => Promise<Response>)[] = []) {
  const posted: { address: string; init: RequestInit | undefined }[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    posted.push({ address: String(input), init })
    const answer = posts.shift()
    if (answer === undefined) throw new TypeError("no network")
    return answer()
  }
  const ports = fakePorts({ fetch })
  const { chat, socket } = await welcomed(t, ports, { role: "admin" })
  const hooks = createHooks(chat, ports)
  let listed = 0
  const asked = (type: string) => socket.framesOf(type)
  const answer = async (type: string, frame: object) => {
    socket.say({ ref: asked(type).at(-1)?.["ref"], ...frame })
    await settle()
  }
  /** Answers the next question for the list, which may come after what is answered over HTTP. */
  const list = async (...all: Hook[]) => {
    const before = listed
    while (asked("hooks").length === before) await settle()
    listed = asked("hooks").length
    await answer("hooks", { type: "hooks", hooks: all })
  }
  const create = async () => {
    const done = hooks.create(WANTED)
    await answer("hook.create", { type: "hook", id: "hook1", token: "main_hook1_secret" })
    await list(ALERTS)
    return done
  }
  return { hooks, socket, state: hooks.store.get, asked, answer, list, create, posted }
}

test("the list comes, and says so when it does not", async (t) => {
  const { hooks, state, answer } = await arrive(t)
  void hooks.load()
  assert.deepEqual([state().hooks, state().isMissing], [null, false])
  await answer("hooks", { type: "error", code: "forbidden", detail: "" })
  assert.deepEqual([state().hooks, state().isMissing], [null, true])
  void hooks.load()
  await answer("hooks", { type: "hooks", hooks: [ALERTS] })
  assert.deepEqual([state().hooks, state().isMissing], [[ALERTS], false])
})

test("a list that does not come again leaves the former one", async (t) => {
  const { hooks, state, list, socket } = await arrive(t)
  void hooks.load()
  await list(ALERTS)
  socket.drop()
  await hooks.load()
  assert.deepEqual([state().hooks, state().isMissing], [[ALERTS], true])
})

test("the address of a new hook is shown until the admin has done with it", async (t) => {
  const { hooks, state, asked, create } = await arrive(t)
  assert.equal(await create(), null)
  const [{ type: _, ref: __, ...sent } = {}] = asked("hook.create")
  assert.deepEqual(sent, WANTED)
  assert.deepEqual(state().shown, { id: "hook1", name: "Alerts", channel: "general", address: ADDRESS })
  assert.deepEqual(state().hooks, [ALERTS])
  hooks.forget()
  assert.equal(state().shown, null)
  assert.doesNotMatch(JSON.stringify(state()), /secret/)
})

test("a hook that is refused shows no address", async (t) => {
  const { hooks, state, answer } = await arrive(t)
  const done = hooks.create(WANTED)
  await answer("hook.create", { type: "error", code: "name_taken", detail: "" })
  assert.equal(await done, "name_taken")
  assert.equal(state().shown, null)
})

test("a new address takes the place of the former one, and what was tried with that counts no more", async (t) => {
  const { hooks, state, answer, list, create } = await arrive(t, [async () => new Response("ok")])
  await create()
  const tried = hooks.tryOut("a test")
  await list(ALERTS)
  await tried
  assert.equal(state().test, "posted")
  const done = hooks.rotate(ALERTS)
  await answer("hook.rotate", { type: "hook", id: "hook1", token: "main_hook1_other" })
  await list(ALERTS)
  assert.equal(await done, null)
  assert.equal(state().shown?.address, "https://chat.example/hooks/main_hook1_other")
  assert.equal(state().test, "none")
})

test("a hook that somebody else has ended goes from the list, whatever was to become of it", async (t) => {
  const { hooks, state, answer, list } = await arrive(t)
  void hooks.load()
  await list(ALERTS)
  const rotated = hooks.rotate(ALERTS)
  await answer("hook.rotate", { type: "error", code: "not_found", detail: "" })
  await list()
  assert.equal(await rotated, "not_found")
  assert.deepEqual(state().hooks, [])
  const revoked = hooks.revoke(ALERTS)
  await answer("hook.revoke", { type: "error", code: "not_found", detail: "" })
  await list()
  assert.equal(await revoked, null)
})

test("with a hook goes its address", async (t) => {
  const { hooks, state, answer, list, create } = await arrive(t)
  await create()
  const refused = hooks.revoke(ALERTS)
  await answer("hook.revoke", { type: "error", code: "forbidden", detail: "" })
  assert.equal(await refused, "forbidden")
  assert.equal(state().shown?.address, ADDRESS)
  const done = hooks.revoke(ALERTS)
  await answer("hook.revoke", { type: "ok" })
  await list()
  assert.equal(await done, null)
  assert.deepEqual([state().shown, state().hooks], [null, []])
})

test("a test message is posted by the hook, with the secret in no address, and again when asked for again", async (t) => {
  const ok = async () => new Response("ok")
  const { hooks, state, list, create, posted } = await arrive(t, [ok, ok])
  await hooks.tryOut("nothing is shown yet")
  assert.equal(posted.length, 0)
  await create()
  for (const _ of [1, 2]) {
    const tried = hooks.tryOut("a test")
    assert.equal(state().test, "waiting")
    void hooks.tryOut("not twice at once")
    await list({ ...ALERTS, used_at: 5 })
    await tried
    assert.equal(state().test, "posted")
  }
  assert.equal(state().hooks?.[0]?.used_at, 5)
  assert.deepEqual(
    posted.map(({ address, init }) => [address, init?.method, init?.body, init?.credentials]),
    Array(2).fill(["https://chat.example/hooks/hook1", "POST", "a test", "omit"]),
  )
  const headers = posted.map(({ init }) => new Headers(init?.headers))
  assert.deepEqual(
    headers.map((each) => each.get("authorization")),
    Array(2).fill("Bearer main_hook1_secret"),
  )
  assert.equal(new Set(headers.map((each) => each.get("idempotency-key"))).size, 2)
})

test("a test message that is refused says why, and one that does not arrive says so", async (t) => {
  const refuse = async () => problem(429, { code: "too_many_attempts", retry_after: 1 })
  const strange = async () => new Response("<html>", { status: 502 })
  const { hooks, state, list, create } = await arrive(t, [refuse, strange])
  await create()
  for (const code of ["too_many_attempts", "unreachable", "unreachable"]) {
    const tried = hooks.tryOut("a test")
    await list(ALERTS)
    await tried
    assert.deepEqual([state().test, state().code], ["refused", code])
  }
})

test("what becomes of a test is not said of another address", async (t) => {
  let end = (_: Response) => {}
  const { hooks, state, create } = await arrive(t, [() => new Promise((resolve) => (end = resolve))])
  await create()
  const tried = hooks.tryOut("a test")
  hooks.forget()
  end(new Response("ok"))
  await tried
  assert.deepEqual([state().shown, state().test], [null, "none"])
})

test("programs stand in channels that everybody sees and that take messages, by name", () => {
  const channel = (id: string, more: Partial<Channel> = {}) =>
    ({ id, name: id, archived: false, kind: "open", ...more }) as Channel
  const all = [
    channel("tides"),
    channel("crew", { kind: "private" }),
    channel("Anna", { kind: "direct" }),
    channel("old", { archived: true }),
    channel("Alerts"),
  ]
  const found = channelsForPrograms(Object.fromEntries(all.map((each) => [each.id, each])), "en")
  assert.deepEqual(
    found.map(({ id }) => id),
    ["Alerts", "tides"],
  )
})
