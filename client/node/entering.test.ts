import assert from "node:assert/strict"
import { test } from "node:test"
import { FACTS, problem, SESSION } from "../core/fakes.ts"
import { fieldsOf } from "../core/shape.ts"
import { enter } from "./entering.ts"
import { nodePorts } from "./ports.ts"
import { ALGORITHM } from "./proofOfWork.ts"

const PLACE = { origin: "https://chat.example", room: "main" }
const ANNA = { name: " Anna ", password: "correct horse", recovery: null }
const CODE = "ABCDE-FGHJK-MNPQR-STVWX"
const WORK = {
  parameters: { algorithm: ALGORITHM, nonce: "00", salt: "00", cost: 1, keyLength: 32, keyPrefix: "" },
  signature: "",
}

/** A server that answers logins with what a list has; everything else as it should. */
function serve(logins: readonly Response[], facts: object = {}) {
  const asked: Readonly<Record<string, unknown>>[] = []
  const left = [...logins]
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const url = String(input)
    if (url.endsWith("/challenge")) return Response.json(WORK)
    if (init?.method !== "POST") return Response.json({ ...FACTS, ...facts })
    asked.push(fieldsOf(JSON.parse(String(init.body)), "login"))
    return left.shift() ?? problem(500, { code: "internal" })
  }
  return { ports: { ...nodePorts(PLACE, "test"), fetch }, asked }
}

const welcome = () => Response.json(SESSION, { status: 201 })

test("the password proves itself and goes nowhere", async () => {
  const { ports, asked } = serve([welcome()])
  const { session } = await enter(PLACE, ports, ANNA)
  assert.equal(session.member.name, "Anna")
  assert.deepEqual(Object.keys(asked[0] ?? {}), ["name", "proof"])
  assert.equal(asked[0]?.["name"], "Anna")
  assert.doesNotMatch(JSON.stringify(asked), /horse/)
})

test("a recovery code proves a name, alone or with a password", async () => {
  const { ports, asked } = serve([welcome(), welcome()])
  await enter(PLACE, ports, { name: "Anna", password: null, recovery: CODE.toLowerCase() })
  await enter(PLACE, ports, { name: "Anna", password: "only admins", recovery: CODE })
  assert.deepEqual(asked.map(Object.keys), [
    ["name", "recovery"],
    ["name", "proof", "recovery"],
  ])
  assert.doesNotMatch(JSON.stringify(asked), /ABCDE/i)
})

test("the proof of work comes along, and a fresh one where it was refused", async () => {
  const refused = () => problem(403, { code: "challenge_failed" })
  const { ports, asked } = serve([refused(), welcome()], { challenges: ["altcha"] })
  await enter(PLACE, ports, ANNA)
  assert.equal(asked.length, 2)
  assert.equal(typeof asked[1]?.["altcha"], "string")
})

test("every refusal is said in words that help", async () => {
  for (const [code, more, words] of [
    ["wrong_password", {}, /password is wrong/],
    ["wrong_recovery", {}, /recovery code is wrong/],
    ["name_taken", {}, /belongs to somebody/],
    ["name_taken", { alike: true }, /looks like/],
    ["banned", {}, /keeps " Anna " out/],
    ["too_many_attempts", { retry_after: 30 }, /in 30 seconds/],
    ["limit_reached", {}, /full/],
    ["challenge_failed", {}, /challenge_failed/],
    ["misconfigured", { title: "Set MASTER_KEY." }, /Set MASTER_KEY/],
  ] as const) {
    const refusals = [0, 1, 2].map(() => problem(400, { code, ...more }))
    const { ports } = serve(refusals, { challenges: ["altcha"] })
    await assert.rejects(enter(PLACE, ports, ANNA), { name: "Trouble", message: words }, code)
  }
})

test("a room that is not there, no network, Turnstile and a code that is none are said before any login", async () => {
  const { ports, asked } = serve([])
  const answers = (fetch: typeof globalThis.fetch) => ({ ...ports, fetch })
  const missing = answers(async () => problem(404, { code: "not_found" }))
  await assert.rejects(enter(PLACE, missing, ANNA), { message: /no room "main"/ })
  const dead = answers(() => Promise.reject(new TypeError("fetch failed")))
  await assert.rejects(enter(PLACE, dead, ANNA), { message: /does not answer as a chat/ })
  const { ports: guarded } = serve([], { challenges: ["turnstile"] })
  await assert.rejects(enter(PLACE, guarded, ANNA), { message: /Turnstile/ })
  await assert.rejects(enter(PLACE, ports, { ...ANNA, recovery: "ABC" }), { message: /no recovery code/ })
  assert.deepEqual(asked, [])
})
