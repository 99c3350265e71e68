import assert from "node:assert/strict"
import { test } from "node:test"
import { dateOf } from "./jumping.ts"
import { momentOf, proposals, timeOf } from "./scheduling.ts"

const at = (text: string) => new Date(text).getTime()

test("an hour later, tomorrow and Monday morning are proposed, in the time of the device", () => {
  const wednesday = at("2026-12-02T15:20:00")
  assert.deepEqual(proposals(wednesday), [
    at("2026-12-02T16:20:00"),
    at("2026-12-03T09:00:00"),
    at("2026-12-07T09:00:00"),
  ])
})

test("on a Sunday tomorrow is Monday, and on a Monday the next one is meant", () => {
  assert.deepEqual(proposals(at("2026-12-06T08:00:00")).slice(1), [at("2026-12-07T09:00:00")])
  assert.deepEqual(proposals(at("2026-12-07T08:00:00")).slice(1), [
    at("2026-12-08T09:00:00"),
    at("2026-12-14T09:00:00"),
  ])
})

test("fields for a date and a time name a moment, and say it again", () => {
  const moment = momentOf("2026-12-31", "23:05") ?? 0
  assert.equal(moment, at("2026-12-31T23:05:00"))
  assert.equal(`${dateOf(moment)} ${timeOf(moment)}`, "2026-12-31 23:05")
  assert.deepEqual([momentOf("", "09:00"), momentOf("2026-12-31", "")], [null, null])
})
