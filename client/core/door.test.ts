import assert from "node:assert/strict"
import { test } from "node:test"
import { createDoor } from "./door.ts"
import { createEntrance } from "./entrance.ts"
import { arrive, FACTS, fakePorts, problem, SESSION } from "./fakes.ts"

const nothing = async () => ({})

/** An answer that comes when the test says so. */
function later() {
  let come: (answer: Response) => void = () => undefined
  const answer = new Promise<Response>((resolve) => {
    come = resolve
  })
  return { answer, come }
}

test("the password never leaves the browser; a proof does, with the name trimmed", async () => {
  const { entrance, door, asked, state } = arrive([Response.json(SESSION, { status: 201 })])
  await entrance.start()
  await door.login({ name: "  Anna ", password: "correct horse" }, nothing)
  assert.equal(state().stage, "inside")
  assert.doesNotMatch(JSON.stringify(asked), /correct horse/)
  assert.match(JSON.stringify(asked), /"name":"Anna","proof":"[A-Za-z0-9_-]{43}"/)
  assert.equal(entrance.rememberedName(), "Anna")
})

test("a wrong password is said, and the form stays", async () => {
  const { entrance, door, state } = arrive([problem(401, { code: "wrong_password" })])
  await entrance.start()
  await door.login({ name: "Anna", password: "no" }, nothing)
  const now = state()
  assert.equal(now.stage === "login" && now.refusal?.code, "wrong_password")
  assert.equal(now.stage === "login" && now.work, null)
})

test("a wait is counted from the answer", async () => {
  const { entrance, door, state, clock } = arrive([problem(429, { code: "too_many_attempts", retry_after: 30 })])
  await entrance.start()
  await door.login({ name: "Anna", password: "no" }, nothing)
  const now = state()
  assert.equal(now.stage === "login" && now.refusal?.retry_at, clock.now() + 30_000)
})

test("each attempt carries answers of its own; a check without answer is said", async () => {
  const { entrance, door, asked, state } = arrive([problem(401, { code: "wrong_password" })])
  await entrance.start()
  await door.login({ name: "Anna", password: "no" }, async () => ({ altcha: "solved" }))
  assert.match(JSON.stringify(asked[0]), /"altcha":"solved"/)
  await door.login({ name: "Anna", password: "no" }, () => Promise.reject(new Error("no widget")))
  const now = state()
  assert.equal(asked.length, 1)
  assert.equal(now.stage === "login" && now.refusal?.code, "challenge_failed")
})

test("checks that became harder meanwhile are answered anew, and nobody hears of it", async () => {
  const refused = () => problem(403, { code: "challenge_failed" })
  const { entrance, door, asked, state } = arrive([refused(), refused(), Response.json(SESSION, { status: 201 })])
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
  await door.login({ name: "Anna", password: "yes" }, challenges)
  assert.equal(state().stage, "inside")
  assert.deepEqual(wanted, [false, true, true])
  assert.match(JSON.stringify(asked[2]), /"altcha":"answer 3"/)
  assert.deepEqual(seen, [])
})

test("checks that the server never takes are given up, and said once", async () => {
  const refused = () => problem(403, { code: "challenge_failed" })
  const { entrance, door, asked, state } = arrive([refused(), refused(), refused(), refused()])
  await entrance.start()
  await door.login({ name: "Anna", password: "yes" }, nothing)
  const now = state()
  assert.equal(asked.length, 3)
  assert.deepEqual(now.stage === "login" && [now.refusal?.code, now.work], ["challenge_failed", null])
})

test("a taken name leads to the six digits, a wrong code is told, a right one lets in", async () => {
  const taken = () =>
    problem(409, { code: "name_taken", confirm: true, confirmation: "c1", compare: "031872", expires_at: 9 })
  const { entrance, door, asked, state } = arrive([taken(), taken(), Response.json(SESSION, { status: 201 })])
  await entrance.start()
  await door.login({ name: "Anna", password: "yes" }, nothing)
  const waiting = state()
  assert.equal(waiting.stage === "login" && waiting.confirming?.confirmation, "c1")
  assert.equal(waiting.stage === "login" && waiting.confirming?.compare, "031872")
  await door.confirm("111111", nothing)
  const wrong = state()
  assert.equal(wrong.stage === "login" && wrong.refusal?.code, "wrong_code")
  await door.confirm("222222", nothing)
  assert.equal(state().stage, "inside")
  assert.match(JSON.stringify(asked[2]), /"code":"222222"/)
})

test("a wrong code is called that, though the server counts it as a wrong login", async () => {
  const taken = problem(409, { code: "name_taken", confirm: true, confirmation: "c1", expires_at: 9 })
  const { entrance, door, state } = arrive([taken, problem(401, { code: "wrong_password" })])
  await entrance.start()
  await door.login({ name: "Anna", password: "yes" }, nothing)
  await door.confirm("111111", nothing)
  const now = state()
  assert.equal(now.stage === "login" && now.refusal?.code, "wrong_code")
  assert.notEqual(now.stage === "login" && now.confirming, null)
})

test("asking whether an admin has agreed shows no trouble while they have not", async () => {
  const taken = () => problem(409, { code: "name_taken", confirm: true, confirmation: "c1", expires_at: 9 })
  const { entrance, door, asked, state } = arrive([taken(), taken()])
  await entrance.start()
  await door.login({ name: "Anna", password: "yes" }, nothing)
  await door.confirm(null, nothing)
  const now = state()
  assert.equal(now.stage === "login" && now.refusal, null)
  assert.match(JSON.stringify(asked[1]), /"confirmation":"c1"/)
})

test("who has gone back to the form is not bothered by a question that was on its way", async () => {
  const taken = () => problem(409, { code: "name_taken", confirm: true, confirmation: "c1", expires_at: 9 })
  const late = later()
  const { entrance, door, state } = arrive([taken(), late.answer])
  await entrance.start()
  await door.login({ name: "Anna", password: "yes" }, nothing)
  const asking = door.confirm(null, nothing)
  door.cancelConfirmation()
  late.come(taken())
  await asking
  const now = state()
  assert.equal(now.stage === "login" && now.confirming, null)
})

test("who types the code while a question is on its way is let in by the code, and sees nothing of the question", async () => {
  const taken = () => problem(409, { code: "name_taken", confirm: true, confirmation: "c1", expires_at: 9 })
  const [question, code] = [later(), later()]
  const { entrance, door, state } = arrive([taken(), question.answer, code.answer])
  await entrance.start()
  await door.login({ name: "Anna", password: "yes" }, nothing)
  const asking = door.confirm(null, nothing)
  await Promise.resolve()
  const typed = door.confirm("123456", nothing)
  question.come(taken())
  await asking
  const now = state()
  assert.ok(now.stage === "login" && now.work !== null)
  code.come(Response.json(SESSION, { status: 201 }))
  await typed
  assert.equal(state().stage, "inside")
})

test("a login that somebody refuses leads back to the form, and says so", async () => {
  const taken = problem(409, { code: "name_taken", confirm: true, confirmation: "c1", expires_at: 9 })
  const { entrance, door, state } = arrive([taken, problem(409, { code: "name_taken" })])
  await entrance.start()
  await door.login({ name: "Anna", password: "yes" }, nothing)
  await door.confirm(null, nothing)
  const now = state()
  assert.equal(now.stage === "login" && now.confirming, null)
  assert.equal(now.stage === "login" && now.refusal?.code, "name_taken")
})

test("a look-alike of a name is told from a name that somebody has", async () => {
  const { entrance, door, state } = arrive([problem(409, { code: "name_taken", alike: true })])
  await entrance.start()
  await door.login({ name: "Аnna", password: "p" }, nothing)
  const now = state()
  assert.equal(now.stage === "login" && now.refusal?.code, "name_alike")
  assert.equal(now.stage === "login" && now.confirming, null)
})

test("whose name somebody else has now is told so at the door until they have read it", async () => {
  const facts = { ...FACTS, session: null, replaced_at: 1_700_000_000_000 }
  const fetch: typeof globalThis.fetch = async (_, init) =>
    init?.method === "DELETE" ? new Response(null, { status: 204 }) : Response.json(facts)
  const ports = fakePorts({ fetch })
  const entrance = createEntrance("main", ports)
  const door = createDoor(entrance, ports)
  const since = () => {
    const now = entrance.store.get()
    return now.stage === "login" ? now.replaced_at : undefined
  }
  for (const _ of ["first", "again"]) {
    await entrance.start()
    assert.equal(since(), 1_700_000_000_000)
  }
  await door.seeReplaced()
  assert.equal(since(), null)
  await entrance.goOut("ended")
  assert.equal(since(), 1_700_000_000_000, "also when it happens while the page is open")
})

test("a recovery code proves a name in place of the password, and a wrong one is said", async () => {
  const { entrance, door, asked, state } = arrive([
    problem(401, { code: "wrong_recovery" }),
    Response.json(SESSION, { status: 201 }),
  ])
  await entrance.start()
  const make = async () => ({ name: "Anna", recovery: "proof of a code" })
  await door.prove(make, async () => ({ altcha: "solved" }))
  const now = state()
  assert.deepEqual(now.stage === "login" && [now.refusal?.code, now.work], ["wrong_recovery", null])
  await door.prove(make, nothing)
  assert.equal(state().stage, "inside")
  assert.deepEqual(asked, [
    { name: "Anna", recovery: "proof of a code", altcha: "solved" },
    { name: "Anna", recovery: "proof of a code" },
  ])
})

test("what proves the name goes along with the password that was right, so that an admin stays one", async () => {
  const taken = problem(409, { code: "name_taken", confirm: true, confirmation: "c1", expires_at: 9 })
  const { entrance, door, asked, state } = arrive([taken, Response.json(SESSION, { status: 201 })])
  await entrance.start()
  await door.login({ name: "Anna", password: "yes" }, nothing)
  const waiting = state()
  const given = waiting.stage === "login" ? waiting.confirming?.given : undefined
  await door.prove(async () => ({ ...given, recovery: "proof of a code" }), nothing)
  assert.equal(state().stage, "inside")
  assert.match(JSON.stringify(asked[1]), /^\{"name":"Anna","proof":"[A-Za-z0-9_-]{43}","recovery":"proof of a code"\}$/)
})

test("what is made for a login is made when the checks are done, and not when one of them has no answer", async () => {
  const { entrance, door, asked } = arrive([])
  await entrance.start()
  let made = 0
  const make = async () => {
    made++
    return { name: "Anna" }
  }
  await door.prove(make, () => Promise.reject(new Error("no widget")))
  assert.deepEqual([made, asked.length], [0, 0])
})

test("a passkey says itself whose it is, and lets in without a name or a password", async () => {
  const passkey = { id: "a", challenge: "b", client_data: "c", authenticator_data: "d", signature: "e" }
  const { entrance, door, asked, state } = arrive([
    problem(401, { code: "wrong_passkey" }),
    Response.json(SESSION, { status: 201 }),
  ])
  await entrance.start()
  await door.prove(async () => ({ passkey }), nothing)
  const now = state()
  assert.deepEqual(now.stage === "login" && [now.refusal?.code, now.work], ["wrong_passkey", null])
  await door.prove(async () => ({ passkey }), nothing)
  assert.equal(state().stage, "inside")
  assert.deepEqual(asked, [{ passkey }, { passkey }])
  assert.equal(entrance.rememberedName(), SESSION.member.name)
})

test("a link lets somebody in with a name, and its maker on another device without one", async () => {
  for (const request of [{ name: "Anna", invite: "proof of a link" }, { invite: "proof of a link" }]) {
    const { entrance, door, asked, state } = arrive([
      problem(403, { code: "invite_invalid" }),
      Response.json(SESSION, { status: 201 }),
    ])
    await entrance.start()
    await door.prove(async () => request, nothing)
    const now = state()
    assert.equal(now.stage === "login" && now.refusal?.code, "invite_invalid")
    await door.prove(async () => request, nothing)
    assert.equal(state().stage, "inside")
    assert.deepEqual(asked, [request, request])
  }
})

test("behind a link, too, a code or a passkey proves by itself whose name it is", async () => {
  const passkey = { id: "a", challenge: "b", client_data: "c", authenticator_data: "d", signature: "e" }
  for (const proven of [{ recovery: "proof of a code" }, { passkey }]) {
    const taken = problem(409, { code: "name_taken", confirm: true, confirmation: "c1", expires_at: 9 })
    const { entrance, door, asked, state } = arrive([taken, Response.json(SESSION, { status: 201 })])
    await entrance.start()
    await door.prove(async () => ({ name: "Anna", invite: "proof of a link" }), nothing)
    const waiting = state()
    const given = waiting.stage === "login" ? waiting.confirming?.given : undefined
    await door.prove(async () => ({ ...given, ...proven }), nothing)
    assert.deepEqual(asked, [
      { name: "Anna", invite: "proof of a link" },
      { name: "Anna", ...proven },
    ])
  }
})
