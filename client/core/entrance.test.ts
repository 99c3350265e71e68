import assert from "node:assert/strict"
import { mock, test } from "node:test"
import { createEntrance } from "./entrance.ts"
import { arrive, FACTS, fakePorts, memoryShelf, memoryVault, problem, SESSION } from "./fakes.ts"

const LATE = { id: "m1", channel: "general", body: "late", created_at: 0, failed: null }

const nothing = async () => ({})

test("whoever is signed in already goes straight in", async () => {
  const { entrance, state } = arrive([], Response.json(SESSION))
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

test("without a network a member who was inside may come in and read", async () => {
  const { shelf, entrance } = arrive([], Response.json(SESSION))
  await entrance.start()
  const offline = createEntrance("main", fakePorts({ shelf }))
  await offline.start()
  const now = offline.store.get()
  assert.equal(now.stage === "inside" && now.session.member.name, "Anna")
})

test("a room that is called something else meanwhile is so without a network, too, and at the door nothing happens", async () => {
  const { shelf, entrance, state } = arrive([], Response.json(SESSION))
  await entrance.start()
  entrance.rename("North Quay")
  const called = state()
  assert.equal(called.stage === "inside" && called.title, "North Quay")
  const offline = createEntrance("main", fakePorts({ shelf }))
  await offline.start()
  const now = offline.store.get()
  assert.equal(now.stage === "inside" && now.title, "North Quay")
  const stranger = createEntrance("main", fakePorts())
  await stranger.start()
  const before = stranger.store.get()
  stranger.rename("Pier 9")
  assert.equal(stranger.store.get(), before)
})

test("a server in trouble signs nobody out: it is said, or what was kept is shown", async () => {
  const failing = arrive([], problem(500, { code: "internal" }))
  failing.shelf.set("main:member", JSON.stringify(SESSION))
  await failing.entrance.start()
  assert.deepEqual(failing.state(), { stage: "blocked", code: "internal", title: "" })
  assert.notEqual(failing.shelf.get("main:member"), null)
  const proxied = arrive([], new Response("<h1>Bad Gateway</h1>", { status: 502 }))
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
  const { entrance, state, shelf } = arrive([])
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
  const { entrance, shelf } = arrive([], undefined, (room, member) => {
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

test("somebody new with the name of this browser's last member is known until they have read so", async () => {
  const again = { member: { ...SESSION.member, id: "anna-2" }, expires_at: 0 }
  const other = { member: { ...SESSION.member, id: "boris", name: "Boris" }, expires_at: 0 }
  const answers = [SESSION, again, again, other].map((session) => Response.json(session, { status: 201 }))
  const { entrance, door, state } = arrive(answers)
  const enter = async () => {
    await entrance.goOut("ended")
    await door.login({ name: "Anna", password: "p" }, nothing)
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
  const { entrance, door, shelf } = arrive([SESSION, again].map((session) => Response.json(session, { status: 201 })))
  await entrance.start()
  await door.login({ name: "Anna", password: "p" }, nothing)
  await entrance.goOut(null)
  assert.equal(shelf.get("main:last"), null)
  await door.login({ name: "Anna", password: "p" }, nothing)
  assert.equal(entrance.isRenewed(again as Parameters<typeof entrance.isRenewed>[0]), false)
})
