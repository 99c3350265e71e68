import assert from "node:assert/strict"
import { mock, test } from "node:test"
import { createEntrance } from "./entrance.ts"
import { fakeClock, fakePorts, memoryShelf, memoryVault } from "./fakes.ts"
import type { Ports } from "./ports.ts"

const FACTS = {
  room: "main",
  title: "Our room",
  retention_days: null,
  kdf: { name: "pbkdf2-sha256", iterations: 1000, rounds: 2, salt: "AAECAwQFBgcICQoLDA0ODw" },
  challenges: [],
  turnstile_site_key: null,
  limits: {},
}
const SESSION = { member: { id: "anna", name: "Anna", role: "member" }, expires_at: 0 }
const LATE = { id: "m1", channel: "general", body: "late", created_at: 0, failed: null }
const problem = (status: number, body: object) => Response.json({ status, title: "", ...body }, { status })

/** A server that gives the answers of a list to logins, one after the other. */
function door(
  answers: Response[],
  session: Response = problem(401, { code: "unauthenticated" }),
  openVault: Ports["openVault"] = () => memoryVault(),
) {
  const asked: unknown[] = []
  const clock = fakeClock()
  const shelf = memoryShelf()
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const url = String(input)
    if (init?.method === "POST") {
      asked.push(JSON.parse(String(init.body)))
      return answers.shift() ?? problem(500, { code: "internal" })
    }
    return url.endsWith("/session") ? session.clone() : Response.json(FACTS)
  }
  const entrance = createEntrance("main", fakePorts({ fetch, clock, shelf, openVault }))
  return { entrance, asked, clock, shelf, state: entrance.store.get }
}

const nothing = async () => ({})

test("whoever is signed in already goes straight in", async () => {
  const { entrance, state } = door([], Response.json(SESSION))
  await entrance.start()
  assert.equal(state().stage, "inside")
})

test("the facts say who is signed in, and nobody is asked for it a second time", async () => {
  for (const [session, stage] of [
    [null, "login"],
    [SESSION, "inside"],
  ] as const) {
    const asked: string[] = []
    const fetch: typeof globalThis.fetch = async (input) => {
      asked.push(String(input))
      return Response.json({ ...FACTS, session })
    }
    const entrance = createEntrance("main", fakePorts({ fetch }))
    await entrance.start()
    assert.equal(entrance.store.get().stage, stage)
    assert.equal(asked.length, 1)
  }
})

test("the password never leaves the browser; a proof does, with the name trimmed", async () => {
  const { entrance, asked, state } = door([Response.json(SESSION, { status: 201 })])
  await entrance.start()
  await entrance.login({ name: "  Anna ", password: "correct horse" }, nothing)
  assert.equal(state().stage, "inside")
  assert.doesNotMatch(JSON.stringify(asked), /correct horse/)
  assert.match(JSON.stringify(asked), /"name":"Anna","proof":"[A-Za-z0-9_-]{43}"/)
  assert.equal(entrance.rememberedName(), "Anna")
})

test("a wrong password is said, and the form stays", async () => {
  const { entrance, state } = door([problem(401, { code: "wrong_password" })])
  await entrance.start()
  await entrance.login({ name: "Anna", password: "no" }, nothing)
  const now = state()
  assert.equal(now.stage === "login" && now.refusal?.code, "wrong_password")
  assert.equal(now.stage === "login" && now.work, null)
})

test("a wait is counted from the answer", async () => {
  const { entrance, state, clock } = door([problem(429, { code: "too_many_attempts", retry_after: 30 })])
  await entrance.start()
  await entrance.login({ name: "Anna", password: "no" }, nothing)
  const now = state()
  assert.equal(now.stage === "login" && now.refusal?.retry_at, clock.now() + 30_000)
})

test("each attempt carries answers of its own; a check without answer is said", async () => {
  const { entrance, asked, state } = door([problem(401, { code: "wrong_password" })])
  await entrance.start()
  await entrance.login({ name: "Anna", password: "no" }, async () => ({ altcha: "solved" }))
  assert.match(JSON.stringify(asked[0]), /"altcha":"solved"/)
  await entrance.login({ name: "Anna", password: "no" }, () => Promise.reject(new Error("no widget")))
  const now = state()
  assert.equal(asked.length, 1)
  assert.equal(now.stage === "login" && now.refusal?.code, "challenge_failed")
})

test("checks that became harder meanwhile are answered anew, and nobody hears of it", async () => {
  const refused = () => problem(403, { code: "challenge_failed" })
  const { entrance, asked, state } = door([refused(), refused(), Response.json(SESSION, { status: 201 })])
  await entrance.start()
  const seen: string[] = []
  entrance.store.subscribe(() => {
    const now = state()
    if (now.stage === "login" && now.refusal !== null) seen.push(now.refusal.code)
  })
  const wanted: boolean[] = []
  const challenges = async (_: unknown, fresh: boolean) => {
    wanted.push(fresh)
    return { altcha: `answer ${wanted.length}` }
  }
  await entrance.login({ name: "Anna", password: "yes" }, challenges)
  assert.equal(state().stage, "inside")
  assert.deepEqual(wanted, [false, true, true])
  assert.match(JSON.stringify(asked[2]), /"altcha":"answer 3"/)
  assert.deepEqual(seen, [])
})

test("checks that the server never takes are given up, and said once", async () => {
  const refused = () => problem(403, { code: "challenge_failed" })
  const { entrance, asked, state } = door([refused(), refused(), refused(), refused()])
  await entrance.start()
  await entrance.login({ name: "Anna", password: "yes" }, nothing)
  const now = state()
  assert.equal(asked.length, 3)
  assert.deepEqual(now.stage === "login" && [now.refusal?.code, now.work], ["challenge_failed", null])
})

test("a taken name leads to the six digits, a wrong code is told, a right one lets in", async () => {
  const taken = () =>
    problem(409, { code: "name_taken", confirm: true, confirmation: "c1", compare: "031872", expires_at: 9 })
  const { entrance, asked, state } = door([taken(), taken(), Response.json(SESSION, { status: 201 })])
  await entrance.start()
  await entrance.login({ name: "Anna", password: "yes" }, nothing)
  const waiting = state()
  assert.equal(waiting.stage === "login" && waiting.confirming?.confirmation, "c1")
  assert.equal(waiting.stage === "login" && waiting.confirming?.compare, "031872")
  await entrance.confirm("111111", nothing)
  const wrong = state()
  assert.equal(wrong.stage === "login" && wrong.refusal?.code, "wrong_code")
  await entrance.confirm("222222", nothing)
  assert.equal(state().stage, "inside")
  assert.match(JSON.stringify(asked[2]), /"code":"222222"/)
})

test("a wrong code is called that, though the server counts it as a wrong login", async () => {
  const taken = problem(409, { code: "name_taken", confirm: true, confirmation: "c1", expires_at: 9 })
  const { entrance, state } = door([taken, problem(401, { code: "wrong_password" })])
  await entrance.start()
  await entrance.login({ name: "Anna", password: "yes" }, nothing)
  await entrance.confirm("111111", nothing)
  const now = state()
  assert.equal(now.stage === "login" && now.refusal?.code, "wrong_code")
  assert.notEqual(now.stage === "login" && now.confirming, null)
})

test("asking whether an admin has agreed shows no trouble while they have not", async () => {
  const taken = () => problem(409, { code: "name_taken", confirm: true, confirmation: "c1", expires_at: 9 })
  const { entrance, asked, state } = door([taken(), taken()])
  await entrance.start()
  await entrance.login({ name: "Anna", password: "yes" }, nothing)
  await entrance.confirm(null, nothing)
  const now = state()
  assert.equal(now.stage === "login" && now.refusal, null)
  assert.match(JSON.stringify(asked[1]), /"confirmation":"c1"/)
})

test("a login that somebody refuses leads back to the form, and says so", async () => {
  const taken = problem(409, { code: "name_taken", confirm: true, confirmation: "c1", expires_at: 9 })
  const { entrance, state } = door([taken, problem(409, { code: "name_taken" })])
  await entrance.start()
  await entrance.login({ name: "Anna", password: "yes" }, nothing)
  await entrance.confirm(null, nothing)
  const now = state()
  assert.equal(now.stage === "login" && now.confirming, null)
  assert.equal(now.stage === "login" && now.refusal?.code, "name_taken")
})

test("without a network a member who was inside may come in and read", async () => {
  const { shelf, entrance } = door([], Response.json(SESSION))
  await entrance.start()
  const offline = createEntrance("main", fakePorts({ shelf }))
  await offline.start()
  const now = offline.store.get()
  assert.equal(now.stage === "inside" && now.session.member.name, "Anna")
})

test("a server in trouble signs nobody out: it is said, or what was kept is shown", async () => {
  const failing = door([], problem(500, { code: "internal" }))
  failing.shelf.set("main:member", JSON.stringify(SESSION))
  await failing.entrance.start()
  assert.deepEqual(failing.state(), { stage: "blocked", code: "internal", title: "" })
  assert.notEqual(failing.shelf.get("main:member"), null)
  const proxied = door([], new Response("<h1>Bad Gateway</h1>", { status: 502 }))
  proxied.shelf.set("main:member", JSON.stringify(SESSION))
  await proxied.entrance.start()
  assert.equal(proxied.state().stage, "inside")
})

test("without a network a stranger is told so", async () => {
  const entrance = createEntrance("main", fakePorts())
  await entrance.start()
  assert.deepEqual(entrance.store.get(), { stage: "blocked", code: "unreachable", title: "" })
})

test("whoever was signed out is told why they stand at the door", async () => {
  const { entrance, state, shelf } = door([])
  shelf.set("main:member", JSON.stringify(SESSION))
  await entrance.start()
  const now = state()
  assert.equal(now.stage === "login" && now.ended, "ended")
})

test("a session that ended meanwhile leaves no messages in the browser, but what waits to be sent", async () => {
  const vault = memoryVault()
  await vault.keepSnapshot({ seq: 1 })
  await vault.keepOutgoing({ ...LATE, owner: "tab-1" })
  const asked: string[] = []
  const { entrance, shelf } = door([], undefined, (room, member) => {
    asked.push(`${room} ${member}`)
    return vault
  })
  await entrance.start()
  assert.deepEqual(asked, [], "of a stranger nothing is kept")
  shelf.set("main:member", JSON.stringify(SESSION))
  await entrance.start()
  assert.deepEqual(asked, ["main anna"])
  assert.equal(await vault.snapshot(), null)
  assert.equal((await vault.outgoing()).length, 1)
})

test("an answer that does not come is given up, so that what was kept is shown; a login may take its time", async () => {
  const hanging = new AbortController()
  const limits = mock.method(AbortSignal, "timeout", () => hanging.signal)
  const signals: unknown[] = []
  const fetch: typeof globalThis.fetch = (_, init) => {
    signals.push(init?.signal)
    return new Promise((_, reject) => init?.signal?.addEventListener("abort", () => reject(new Error("late"))))
  }
  const shelf = memoryShelf()
  shelf.set("main:member", JSON.stringify(SESSION))
  const entrance = createEntrance("main", fakePorts({ fetch, shelf }))
  const starting = entrance.start()
  hanging.abort()
  await starting
  assert.equal(entrance.store.get().stage, "inside")
  void entrance.api.login({ name: "Anna", proof: "p" })
  assert.deepEqual(signals, [hanging.signal, undefined])
  limits.mock.restore()
})

test("a look-alike of a name is told from a name that somebody has", async () => {
  const { entrance, state } = door([problem(409, { code: "name_taken", alike: true })])
  await entrance.start()
  await entrance.login({ name: "Аnna", password: "p" }, nothing)
  const now = state()
  assert.equal(now.stage === "login" && now.refusal?.code, "name_alike")
  assert.equal(now.stage === "login" && now.confirming, null)
})

test("whose name somebody else has now is told so at the door until they have read it", async () => {
  const facts = { ...FACTS, session: null, replaced_at: 1_700_000_000_000 }
  const fetch: typeof globalThis.fetch = async (_, init) =>
    init?.method === "DELETE" ? new Response(null, { status: 204 }) : Response.json(facts)
  const entrance = createEntrance("main", fakePorts({ fetch }))
  const since = () => {
    const now = entrance.store.get()
    return now.stage === "login" ? now.replaced_at : undefined
  }
  for (const _ of ["first", "again"]) {
    await entrance.start()
    assert.equal(since(), 1_700_000_000_000)
  }
  await entrance.seeReplaced()
  assert.equal(since(), null)
  await entrance.goOut("ended")
  assert.equal(since(), 1_700_000_000_000, "also when it happens while the page is open")
})

test("somebody new with the name of this browser's last member is known until they have read so", async () => {
  const again = { member: { ...SESSION.member, id: "anna-2" }, expires_at: 0 }
  const other = { member: { ...SESSION.member, id: "boris", name: "Boris" }, expires_at: 0 }
  const answers = [SESSION, again, again, other].map((session) => Response.json(session, { status: 201 }))
  const { entrance, state } = door(answers)
  const enter = async () => {
    await entrance.goOut("ended")
    await entrance.login({ name: "Anna", password: "p" }, nothing)
    const now = state()
    assert.ok(now.stage === "inside")
    return now.session
  }
  await entrance.start()
  assert.equal(entrance.isRenewed(await enter()), false)
  assert.equal(entrance.isRenewed(await enter()), true)
  const session = await enter()
  assert.equal(entrance.isRenewed(session), true, "until it was read")
  entrance.seeRenewed(session)
  assert.equal(entrance.isRenewed(session), false)
  assert.equal(entrance.isRenewed(await enter()), false, "another name is another person")
})

test("whoever leaves is forgotten, and so is nobody new afterwards", async () => {
  const again = { member: { ...SESSION.member, id: "anna-2" }, expires_at: 0 }
  const { entrance, shelf } = door([SESSION, again].map((session) => Response.json(session, { status: 201 })))
  await entrance.start()
  await entrance.login({ name: "Anna", password: "p" }, nothing)
  await entrance.goOut(null)
  assert.equal(shelf.get("main:last"), null)
  await entrance.login({ name: "Anna", password: "p" }, nothing)
  assert.equal(entrance.isRenewed(again as Parameters<typeof entrance.isRenewed>[0]), false)
})
