import assert from "node:assert/strict"
import { test } from "node:test"
import { rowsOf } from "./cost.ts"
import { type Choices, planFor, shownPlace } from "./plan.ts"
import { createReport } from "./report.ts"
import type { Here } from "./room.ts"
import { attachment, channel, DAY_MS, fakeRoom, fakeSource, NOW, place, said, uuid } from "./roomFakes.ts"
import type { Gone, Said, Skipped } from "./source.ts"

const CHOICES: Choices = {
  people: new Map(),
  channels: new Map(),
  directAsPrivate: false,
  files: true,
  expired: "leave",
}
const SPACE = { count: 0, bytes: 0, room_file_bytes: 1_000_000 }
const PLANS = place()

async function plan(
  messages: readonly (Said | Gone | Skipped)[],
  parts: Partial<Here> = {},
  choices: Partial<Choices> = {},
) {
  const room = fakeRoom(parts)
  const report = createReport()
  const source = fakeSource({ places: [[PLANS, messages]], skipped: [{ where: "users.json", why: "malformed" }] })
  const watch = { signal: new AbortController().signal, report, onRead: () => undefined }
  return { room, report, made: await planFor(source, room, { ...CHOICES, ...choices }, SPACE, watch) }
}

test("a plan counts what there is and what it writes, and changes nothing", async () => {
  const files = [attachment({ size: 1_048_577 }), attachment({ size: 1 })]
  const messages = [said(1), said(2, { author: "U9", files }), { where: "line 3", why: "system" } as const]
  const limits = { ...fakeRoom().here().limits, file_bytes: 2_000_000 }
  const { made, report, room } = await plan(messages, { limits })
  assert.deepEqual(made.amount, { messages: 2, frames: 1, people: 2, channels: 1, members: 1, files: 2, blocks: 3 })
  assert.equal(made.rows, rowsOf(made.amount))
  assert.equal(made.fileBytes, 1_048_577 + 5 * 16 + 1 + 16)
  assert.deepEqual(
    report.first().map(({ why }) => why),
    ["malformed", "system"],
  )
  assert.deepEqual(room.asked, [])
  assert.equal(room.brought.size, 0)
})

test("what is there already is known by its id, however many pages it has", async () => {
  const { made, room } = await plan(
    [1, 2, 3, 4, 5].map((number) => said(number)),
    {
      channels: [channel("mine", "plans", { last_seq: 0 })],
    },
  )
  assert.equal(made.places[0]?.messages, 5)
  const messages = [1, 2, 3, 4].map((number) => ({ id: uuid(number), author: "a", sent_at: 1, body: "x" }))
  await room.ask({ type: "import", channel: "mine", messages })
  const source = fakeSource({ places: [[PLANS, [1, 2, 3, 4, 5].map((number) => said(number))]] })
  const watch = { signal: new AbortController().signal, report: createReport(), onRead: () => undefined }
  const again = await planFor(source, room, CHOICES, SPACE, watch)
  assert.deepEqual([again.places[0]?.known, again.places[0]?.messages], [4, 1])
})

test("messages that retention would delete are counted, and brought only if it is said that they are kept", async () => {
  const old = said(1, { sentAt: NOW - 7 * DAY_MS - 1 })
  const young = said(2, { sentAt: NOW - 7 * DAY_MS })
  const left = (await plan([old, young], { retention_days: 7 })).made
  assert.deepEqual([left.expired, left.amount.messages], [1, 1])
  const kept = (await plan([old, young], { retention_days: 7 }, { expired: "keep" })).made
  assert.deepEqual([kept.expired, kept.amount.messages], [1, 2])
  const own = channel("mine", "plans", { retention_days: 0 })
  assert.equal((await plan([old], { retention_days: 7, channels: [own] })).made.expired, 0)
})

test("deleted messages are counted among the others, and as old as what stands beside them", async () => {
  const gone = (number: number, days: number) => ({
    id: uuid(number),
    deletedAt: NOW,
    sentAt: NOW - days * DAY_MS,
    where: `line ${number}`,
  })
  const { made, report } = await plan([said(1), gone(2, 10), said(3)])
  assert.deepEqual([made.places[0]?.messages, made.places[0]?.deleted, made.amount.messages], [3, 1, 3])
  assert.deepEqual(
    report.first().map(({ why }) => why),
    ["malformed"],
  )
  const left = (await plan([gone(1, 8), gone(2, 6)], { retention_days: 7 })).made
  assert.deepEqual([left.expired, left.amount.messages], [1, 1])
})

test("files that are too large, or not wanted, are left out before anything is sent", async () => {
  const large = said(1, { files: [attachment({ size: 1_000_001 }), attachment({ size: 1_000_000 })] })
  const { made, report } = await plan([large])
  assert.equal(made.amount.files, 1)
  assert.equal(report.first().at(-1)?.why, "file_too_large")
  assert.equal((await plan([large], {}, { files: false })).made.amount.files, 0)
})

test("a message that no frame holds goes without its reactions", async () => {
  const people = Array.from({ length: 99 }, (_, number) => `${"👍".repeat(37)}${number}`)
  const emojis = Array.from({ length: 20 }, (_, number) => String.fromCodePoint(0x1f600 + number))
  const reactions = Object.fromEntries(emojis.map((emoji) => [emoji, people]))
  const { made, report } = await plan([said(1, { reactions, body: "👍".repeat(4_000) })])
  assert.equal(made.amount.messages, 1)
  assert.ok(report.counts().has("too_many"))
})

test("an id that gives orders to a terminal does not reach it", async () => {
  const { made } = await plan([])
  const nobodys = place({ kind: "direct", name: "", key: "\u001b]0;owned\u0007\u202ED1", people: [] })
  assert.equal(shownPlace(nobodys, made.mapping), "@ ]0;ownedD1")
})
