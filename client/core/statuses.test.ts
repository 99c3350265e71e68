import assert from "node:assert/strict"
import { test } from "node:test"
import { current, ENDS, SAYINGS, untilOf } from "./statuses.ts"

const WEDNESDAY = new Date(2026, 10, 25, 15, 30).getTime()
const SUNDAY = new Date(2026, 10, 29, 23, 59).getTime()
const MONDAY = new Date(2026, 10, 30, 0, 0).getTime()

test("a status ends when it was said to", () => {
  const ends = Object.fromEntries(ENDS.map((end) => [end, untilOf(end, WEDNESDAY)]))
  assert.deepEqual(ends, {
    never: null,
    half: WEDNESDAY + 1_800_000,
    hour: WEDNESDAY + 3_600_000,
    four: WEDNESDAY + 14_400_000,
    today: new Date(2026, 10, 26).getTime(),
    week: MONDAY,
  })
})

test("the week of a Sunday ends that day, the week of a Monday seven days later", () => {
  assert.equal(untilOf("week", SUNDAY), MONDAY)
  assert.equal(untilOf("week", MONDAY), new Date(2026, 11, 7).getTime())
})

test("a status whose time is over is none", () => {
  const status = { emoji: "🌴", text: "away", until: WEDNESDAY }
  assert.equal(current(status, WEDNESDAY - 1), status)
  assert.equal(current(status, WEDNESDAY), null)
  assert.deepEqual(current({ ...status, until: null }, WEDNESDAY), { ...status, until: null })
  assert.equal(current(null, WEDNESDAY), null)
  assert.equal(current(undefined, WEDNESDAY), null)
})

test("what is often said has one emoji and a sensible end each", () => {
  for (const { emoji, end } of SAYINGS) {
    assert.equal([...new Intl.Segmenter("en").segment(emoji)].length, 1)
    assert.notEqual(untilOf(end, MONDAY), null)
  }
})
