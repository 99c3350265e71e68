import assert from "node:assert/strict"
import { test } from "node:test"
import { messageEvent } from "./fakes.ts"
import { message } from "./protocol.ts"
import { type Row, rowsOf } from "./rows.ts"
import { EMPTY } from "./timeline.ts"
import { ROOM_PX, STICKS_PX, topDay } from "./topDay.ts"

const NOON = new Date(2026, 10, 22, 12, 0).getTime()
const DAY = 86_400_000
const HEIGHT = 60

/** Three days of three messages each. */
function threeDays(): readonly Row[] {
  const messages = Array.from({ length: 9 }, (_, index) =>
    message(messageEvent(index + 1, { sent_at: NOON + Math.floor(index / 3) * DAY + index }), "m"),
  )
  return rowsOf({
    timeline: { ...EMPTY, status: "ready", messages },
    outgoing: [],
    channel: "general",
    me: "anna",
    divider: undefined,
    joined_seq: 0,
    removing: new Map(),
  })
}

/** What stands at the top when the list is scrolled so far. */
function at(scrolled: number) {
  return topDay(threeDays(), Math.floor(scrolled / HEIGHT), (row) => row * HEIGHT - scrolled)
}

test("the day of what is at the top stands there, whatever number of messages it has", () => {
  assert.deepEqual(at(HEIGHT), { day: NOON, pushed: 0 })
  assert.deepEqual(at(2 * HEIGHT), { day: NOON, pushed: 0 })
  assert.deepEqual(at(4 * HEIGHT), { day: NOON + DAY + 3, pushed: 0 })
  assert.deepEqual(at(8 * HEIGHT), { day: NOON + 2 * DAY + 6, pushed: 0 })
})

test("while the line of the first day is in sight itself, none stands there", () => {
  assert.equal(at(0), null)
  assert.equal(at(7), null)
  assert.deepEqual(at(16 - STICKS_PX), { day: NOON, pushed: 0 })
})

test("the line of the next day pushes it away, and its own day stands there as soon as it has come to that place", () => {
  const far = 3 * HEIGHT - ROOM_PX
  assert.equal(at(far)?.pushed, 0)
  const pushed = [12, 20, 30, 35].map((by) => at(far + by)?.pushed ?? -1)
  assert.deepEqual(
    pushed,
    pushed.toSorted((a, b) => a - b),
  )
  assert.ok((pushed.at(-1) ?? 0) > 0)
  assert.equal(at(3 * HEIGHT + 16 - STICKS_PX - 1)?.day, NOON)
  assert.deepEqual(at(3 * HEIGHT + 16 - STICKS_PX), { day: NOON + DAY + 3, pushed: 0 })
})

test("an empty list has no day", () => {
  assert.equal(
    topDay([], 0, () => 0),
    null,
  )
})
