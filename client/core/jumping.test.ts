import assert from "node:assert/strict"
import { test } from "node:test"
import { dateOf, jumpTo, startOf, startOfDate } from "./jumping.ts"
import type { Request } from "./protocol.ts"
import { Refused, type Result } from "./requests.ts"

const day = (year: number, month: number, date: number) => new Date(year, month - 1, date).getTime()
const now = new Date(2026, 10, 30, 15, 20).getTime()

test("a jump leads to where a day begins", () => {
  assert.equal(startOf("yesterday", now), day(2026, 11, 29))
  assert.equal(startOf("week", now), day(2026, 11, 23))
  assert.equal(startOf("month", now), day(2026, 10, 30))
  assert.equal(startOf("beginning", now), 0)
})

test("a month before a day that the month before does not have is its last day", () => {
  assert.equal(startOf("month", day(2026, 3, 31)), day(2026, 2, 28))
  assert.equal(startOf("month", day(2026, 1, 31)), day(2025, 12, 31))
})

test("a date field names the beginning of a day, and is given one", () => {
  assert.equal(startOfDate("2026-11-30"), day(2026, 11, 30))
  assert.equal(startOfDate("0001-01-01"), 0)
  for (const text of ["", "30.11.2026", "null"]) assert.equal(startOfDate(text), null, text)
  assert.equal(dateOf(now), "2026-11-30")
  assert.equal(dateOf(day(2026, 1, 2)), "2026-01-02")
})

function world(at: number | null | Refused) {
  const asked: Request[] = []
  const went: unknown[] = []
  const chat = {
    ask: async (request: Request): Promise<Result | Refused> => {
      asked.push(request)
      if (at instanceof Refused) return at
      const page = { channel: "general", messages: [], more: false, older: false, newer: false, pinned: [] }
      return { type: "history", ref: "r", ...page, at }
    },
    open: (channel: string, target?: number | null) => void went.push([channel, target]),
    toNewest: () => void went.push("newest"),
  }
  return { chat, asked, went }
}

test("the first message from a time on is opened", async () => {
  const { chat, asked, went } = world(7)
  assert.equal(await jumpTo(chat, "general", 1000, () => true), null)
  assert.deepEqual(asked, [{ type: "history", channel: "general", at: 1000, limit: 1 }])
  assert.deepEqual(went, [["general", 7]])
})

test("where all are older, the end is", async () => {
  const { chat, went } = world(null)
  assert.equal(await jumpTo(chat, "general", 1000, () => true), null)
  assert.deepEqual(went, ["newest"])
})

test("nobody is moved who does not wait any more", async () => {
  const { chat, went } = world(7)
  assert.equal(await jumpTo(chat, "general", 1000, () => false), null)
  assert.deepEqual(went, [])
})

test("a refusal is handed back", async () => {
  const { chat, went } = world(new Refused("rate_limited"))
  assert.equal(await jumpTo(chat, "general", 1000, () => true), "rate_limited")
  assert.deepEqual(went, [])
})
