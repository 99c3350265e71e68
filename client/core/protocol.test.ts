import assert from "node:assert/strict"
import { test } from "node:test"
import { parseFacts, parseProblem } from "./answers.ts"
import { messageEvent, welcomeFrame } from "./fakes.ts"
import { parseFrame } from "./protocol.ts"
import { Misshapen } from "./shape.ts"

const parse = (value: object) => parseFrame(JSON.stringify(value))

test("a welcome is read with its channels and members", () => {
  const frame = parse(welcomeFrame({ seq: 7 }))
  assert.equal(frame?.type, "welcome")
  assert.equal(frame.type === "welcome" && frame.seq, 7)
  assert.equal(frame.type === "welcome" && frame.channels[0]?.name, "general")
})

test("what this version does not know is ignored: a type, a field, a kind of event", () => {
  assert.equal(parse({ type: "weather", sunny: true }), null)
  assert.deepEqual(parse({ type: "ok", ref: "a", mood: "good" }), { type: "ok", ref: "a" })
  assert.deepEqual(parse({ type: "events", events: [{ kind: "party", seq: 9 }] }), {
    type: "events",
    lane: null,
    events: [{ kind: "other", seq: 9 }],
  })
})

for (const [what, frame] of [
  ["a number as text", { type: "ack", ref: "a", seq: "7" }],
  ["no reference", { type: "history", channel: "general", messages: [], more: false }],
  ["messages that are no list", { type: "history", ref: "a", channel: "general", messages: {}, more: false }],
  ["an event without seq", { type: "events", events: [{ kind: "message" }] }],
  ["a message without author", { type: "events", events: [{ ...messageEvent(1), author: null }] }],
  ["a role nobody has", welcomeFrame({ member: { id: "a", name: "A", role: "king" } })],
] as const) {
  test(`a damaged frame is refused: ${what}`, () => {
    assert.throws(() => parse(frame), Misshapen)
  })
}

test("deleted and unreadable messages are told apart from those that say something", () => {
  const page = parse({
    type: "history",
    ref: "a",
    channel: "general",
    more: false,
    messages: [
      { seq: 1, id: "a", channel: "general", deleted_at: 5 },
      { seq: 2, id: "b", channel: "general", author: "anna", sent_at: 5, unreadable: true },
      { ...messageEvent(3), reactions: { "👍": ["anna"] } },
    ],
  })
  assert.equal(page?.type, "history")
  assert.deepEqual(page.type === "history" && page.messages.map(({ state }) => state), [
    "deleted",
    "unreadable",
    "said",
  ])
})

test("the files of a message are read with what is known of them", () => {
  const file = { id: "a", key: "b", name: "a.png", type: "image/png", size: 9 }
  const thumb = { type: "image/webp", size: 3, width: 2, height: 1 }
  const files = (given: object) => {
    const frame = parse({ type: "events", events: [{ ...messageEvent(1), ...given }] })
    const [event] = frame?.type === "events" ? frame.events : []
    return event?.kind === "message" && event.message.state === "said"
      ? JSON.parse(JSON.stringify(event.message.files))
      : null
  }
  assert.deepEqual(files({}), [])
  assert.deepEqual(files({ files: [{ ...file, width: 4, height: 2, alt: "a hat", thumb }] }), [
    { ...file, width: 4, height: 2, alt: "a hat", thumb },
  ])
  assert.throws(() => files({ files: [{ ...file, size: "large" }] }), Misshapen)
})

test("a bot's message may say for whom it speaks", () => {
  const shown = (given: object) => {
    const frame = parse({ type: "events", events: [{ ...messageEvent(1), ...given }] })
    const [event] = frame?.type === "events" ? frame.events : []
    return event?.kind === "message" && event.message.state === "said" ? { ...event.message.shown_as } : null
  }
  assert.deepEqual(shown({}), {})
  assert.deepEqual(shown({ shown_as: { name: "Grafana", emoji: "🔔" } }), { name: "Grafana", emoji: "🔔" })
})

test("a message that was said elsewhere says when it was brought here, and by whom", () => {
  const imported = (given: object) => {
    const frame = parse({ type: "events", events: [{ ...messageEvent(1), ...given }] })
    const [event] = frame?.type === "events" ? frame.events : []
    if (event?.kind !== "message" || event.message.state !== "said") return null
    return [event.message.imported_at, event.message.imported_by]
  }
  assert.deepEqual(imported({}), [undefined, undefined])
  assert.deepEqual(imported({ imported_at: 9, imported_by: "olga" }), [9, "olga"])
  assert.throws(() => imported({ imported_at: 9, imported_by: 5 }), Misshapen)
})

test("a welcome says what a lane is, and that a server knows lanes at all", () => {
  const lane = { id: "den", name: "den", kind: "private", members: ["anna"], keepers: ["anna"], since_seq: 2, seq: 9 }
  const frame = parse({ ...welcomeFrame(), channels: [lane, { id: "general", name: "general" }], lanes_resumed: [] })
  assert.equal(frame?.type, "welcome")
  if (frame?.type !== "welcome") return
  assert.deepEqual(
    frame.channels.map(({ kind, members, since_seq, seq }) => [kind, members, since_seq, seq]),
    [
      ["private", ["anna"], 2, 9],
      ["open", [], 0, 0],
    ],
  )
  assert.deepEqual([frame.lanes_resumed, frame.supervision, frame.direct_messages], [[], false, "everyone"])
  const former = parse(welcomeFrame())
  assert.equal(former?.type === "welcome" && former.lanes_resumed, null)
})

test("text that is not JSON throws and becomes no frame", () => {
  assert.throws(() => parseFrame("hello"))
  assert.throws(() => parseFrame("[1]"))
})

test("room facts and problems are read as docs/protocol.md gives them", () => {
  const facts = parseFacts({
    room: "main",
    title: "Durable Chat",
    retention_days: 30,
    kdf: { name: "pbkdf2-sha256", iterations: 100000, rounds: 6, salt: "AA" },
    challenges: ["altcha"],
    turnstile_site_key: null,
    limits: {},
  })
  assert.deepEqual(facts.challenges, ["altcha"])
  const problem = parseProblem({ title: "", status: 429, code: "too_many_attempts", retry_after: 30 })
  assert.equal(problem.retry_after, 30)
})
