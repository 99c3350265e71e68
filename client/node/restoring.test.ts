import assert from "node:assert/strict"
import { test } from "node:test"
import { createApi } from "../core/api.ts"
import { FACTS, problem, SESSION } from "../core/fakes.ts"
import { fieldsOf } from "../core/shape.ts"
import { nodePorts } from "./ports.ts"
import { countAbove, goBack, lookBack } from "./restoring.ts"

const PLACE = { origin: "https://chat.example", room: "main" }
const OLGA = { name: "Olga", password: "of admins", recovery: null }

type Answers = Readonly<Record<string, () => Response>>

/** A server; what it answers to `METHOD /path` may depend on how often it was asked. Time passes at once. */
function serve(answers: Answers) {
  const asked: string[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const path = String(input).replace(`${PLACE.origin}/api/rooms/main`, "")
    const question = `${init?.method ?? "GET"} ${path}`
    const body: unknown = init?.body === undefined ? null : JSON.parse(String(init.body))
    const { name, above } = body === null ? {} : (fieldsOf(body, "body") as { name?: string; above?: number })
    asked.push([question, name ?? above].filter((each) => each !== undefined).join(" "))
    return answers[question]?.() ?? new Response(null, { status: 204 })
  }
  let now = 0
  const clock = {
    now: () => now,
    after: (ms: number, action: () => void) => {
      now += ms
      queueMicrotask(action)
      return () => undefined
    },
  }
  const uuid = () => "0199f3a0-1111-7222-8333-444455556666" as const
  return { ports: { ...nodePorts(PLACE, "test"), fetch, clock, uuid }, asked }
}

const restarting = () => problem(503, { code: "restarting", title: "The room begins anew.", retry_after: 2 })
const facts = () => Response.json(FACTS)
const welcome = () => Response.json(SESSION, { status: 201 })

function inTurn(...answers: (() => Response)[]): () => Response {
  let next = 0
  return () => (answers[Math.min(next++, answers.length - 1)] ?? facts)()
}

test("the second half waits for the room, says the number and leaves when the room is there again", async () => {
  const { ports, asked } = serve({
    "GET ": inTurn(restarting, restarting, facts, facts, restarting, facts),
    "POST /session": welcome,
  })
  await countAbove(2_000_000, PLACE, () => ports, OLGA)
  assert.deepEqual(asked, [
    ...["GET ", "GET ", "GET "],
    ...["GET ", "POST /session Olga", "PUT /restore 2000000"],
    ...["GET ", "GET ", "DELETE /session"],
  ])
})

test("where the name was somebody's then, it signs in under one of its own", async () => {
  const { ports, asked } = serve({
    "GET ": facts,
    "POST /session": inTurn(() => problem(409, { code: "name_taken" }), welcome),
  })
  await countAbove(1_000_000, PLACE, () => ports, OLGA)
  assert.deepEqual(
    asked.filter((each) => each.startsWith("P")),
    ["POST /session Olga", "POST /session restore 0199f3a0", "PUT /restore 1000000"],
  )
})

test("a room that does not come back within a minute is given up", async () => {
  const { ports, asked } = serve({ "GET ": restarting })
  await assert.rejects(
    countAbove(1, PLACE, () => ports, OLGA),
    { message: "The room does not come back." },
  )
  assert.equal(asked.length, 120)
})

test("a refusal is said in words that help", async () => {
  const words = async (code: string) => {
    const { ports } = serve({ "GET /restore": () => problem(501, { code, title: "As the server says." }) })
    return lookBack(createApi(PLACE.room, PLACE.origin, ports.fetch), PLACE).then(
      String,
      (error: Error) => error.message,
    )
  }
  assert.match(await words("forbidden"), /^Only admins may do this/)
  assert.equal(await words("no_history"), "As the server says.")
  assert.equal(await words("malformed"), "As the server says.")
  assert.match(await words("internal"), /refused \(internal\)/)
})

test("an answer that is not the chat's is none", async () => {
  const { ports } = serve({ "GET /restore": () => Response.json({ from: "now" }) })
  const api = createApi(PLACE.room, PLACE.origin, ports.fetch)
  await assert.rejects(lookBack(api, PLACE), /does not answer as a chat does/)
})

test("where the answer was lost it is said that the room may have gone back, and what to do", async () => {
  const { ports } = serve({
    "POST /restore": () => {
      throw new TypeError("terminated")
    },
  })
  const api = createApi(PLACE.room, PLACE.origin, ports.fetch)
  await assert.rejects(goBack(api, PLACE, { at: 1 }), /may have gone back all the same[\s\S]*same command again/)
})
