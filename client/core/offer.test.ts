import assert from "node:assert/strict"
import { test } from "node:test"
import { offerAt, offeredKey, putOff } from "./offer.ts"

const DAY = 86_400_000
const NOW = 1_700_000_000_000

/** Days on which it is shown to somebody who looks once a day and always puts it off. */
function daysOf(visits: number): readonly number[] {
  let kept: string | null = null
  const shown: number[] = []
  for (let day = 0; day < visits; day++) {
    const offer = offerAt(NOW + day * DAY, kept)
    if (offer === null) continue
    shown.push(day)
    kept = JSON.stringify(putOff(NOW + day * DAY, JSON.stringify(offer)))
  }
  return shown
}

test("it is offered once and said again twice: after a week and after a month more, and never again", () => {
  assert.deepEqual(daysOf(1_000), [0, 7, 37])
})

test("somebody who leaves it there sees it for a day, and is reminded as if they had put it off", () => {
  const first = offerAt(NOW, null)
  const kept = JSON.stringify(first)
  assert.deepEqual(first, { times: 1, at: NOW, later: false })
  assert.deepEqual(offerAt(NOW + DAY - 1, kept), first)
  assert.equal(offerAt(NOW + DAY, kept), null)
  assert.equal(offerAt(NOW + 7 * DAY - 1, kept), null)
  assert.deepEqual(offerAt(NOW + 7 * DAY, kept), { times: 2, at: NOW + 7 * DAY, later: false })
})

test("what was put off does not come back on the same day", () => {
  const kept = JSON.stringify(putOff(NOW + 1_000, JSON.stringify(offerAt(NOW, null))))
  assert.deepEqual(JSON.parse(kept), { times: 1, at: NOW, later: true })
  assert.equal(offerAt(NOW + 1_000, kept), null)
})

test("a record that is damaged counts as none", () => {
  for (const kept of ["", "{", "7", "null", '{"times":"1","at":2,"later":false}']) {
    assert.deepEqual(offerAt(NOW, kept), { times: 1, at: NOW, later: false })
    assert.deepEqual(putOff(NOW, kept), { times: 1, at: NOW, later: true })
  }
})

test("each name of each room has a record of its own", () => {
  assert.notEqual(offeredKey("main", "Anna"), offeredKey("main", "Ben"))
  assert.notEqual(offeredKey("main", "Anna"), offeredKey("team", "Anna"))
})
