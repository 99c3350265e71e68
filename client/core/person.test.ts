import assert from "node:assert/strict"
import { test } from "node:test"
import { fetchPerson, timeOn, visitOf } from "./person.ts"
import { Refused } from "./requests.ts"

const NOW = new Date(2026, 10, 30, 0, 20).getTime()
const unknown = { joined_on: null, seen_on: null, recently: false, gone_on: null }

test("a visit is said as coarsely as it is known, and by the calendar of who reads it", () => {
  const visit = (seen_on: string | null, recently = false) => visitOf({ ...unknown, seen_on, recently }, NOW)
  assert.equal(visit("2026-11-30", true), "recently")
  assert.equal(visit("2026-11-30"), "today")
  assert.equal(visit("2026-12-01"), "today")
  assert.deepEqual(visit("2026-11-29"), { ago: NOW - 86_400_000 })
  assert.deepEqual(visit("2026-10-31"), { ago: NOW - 30 * 86_400_000 })
  assert.deepEqual(visit("2026-10-30"), { on: timeOn("2026-10-30") })
  assert.equal(visit(null), null)
})

test("what is not known is not there, and a refusal is no answer", async () => {
  const answered = async () =>
    ({ type: "person", ref: "r", days: { joined_on: "2026-03-03" }, made_admin: null }) as const
  assert.deepEqual(await fetchPerson({ ask: answered }, "anna"), {
    days: { ...unknown, joined_on: "2026-03-03" },
    made_admin: null,
  })
  assert.equal(await fetchPerson({ ask: async () => new Refused("rate_limited") }, "anna"), null)
})
