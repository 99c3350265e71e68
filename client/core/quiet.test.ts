import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { endOf, type Hours, isQuiet, offsetOf, quietOf } from "./quiet.ts"

interface Vectors {
  readonly hours: Readonly<Record<string, Hours>>
  readonly times: readonly {
    readonly hours: string
    readonly at: string
    readonly quiet: boolean
    readonly is: string
  }[]
}
const vectors: Vectors = JSON.parse(readFileSync(new URL("../../tests/vectors/quiet.json", import.meta.url), "utf8"))

const at = (time: string) => Date.parse(time)
const endAt = (hours: string, time: string, until: string | null = null) => {
  const end = endOf({ until: until === null ? null : at(until), hours: vectors.hours[hours] ?? null }, at(time))
  return end === null ? null : new Date(end).toISOString()
}

test("hours follow the clocks where the member lives, as on the server", () => {
  for (const each of vectors.times)
    assert.equal(endAt(each.hours, each.at) !== null, each.quiet, `${each.hours}: ${each.is}`)
})

test("an open tab keeps still at these hours, until they end", () => {
  const said = { until: null, hours: vectors.hours["nights"] }
  const times = ["2027-01-11T20:59:00.000Z", "2027-01-11T21:00:00.000Z", "2027-01-12T07:00:00.000Z"]
  assert.deepEqual(
    times.map((time) => isQuiet(said, at(time))),
    [false, true, false],
  )
  assert.equal(isQuiet(null, at("2027-01-11T21:00:00.000Z")), false)
})

test("they end when the clocks show it, also where these were changed before", () => {
  assert.equal(endAt("nights", "2027-01-11T21:00:00.000Z"), "2027-01-12T07:00:00.000Z")
  assert.equal(endAt("nights", "2027-01-16T06:00:30.000Z"), "2027-01-16T07:00:00.000Z")
  assert.equal(endAt("sundays", "2027-03-27T23:00:00.000Z"), "2027-03-28T22:00:00.000Z")
  assert.equal(endAt("sundays", "2027-10-30T22:00:00.000Z"), "2027-10-31T23:00:00.000Z")
})

test("a while and hours that touch each other end together", () => {
  assert.equal(endAt("none", "2027-01-11T20:00:00.000Z", "2027-01-11T20:30:00.000Z"), "2027-01-11T20:30:00.000Z")
  assert.equal(endAt("nights", "2027-01-11T20:00:00.000Z", "2027-01-11T21:30:00.000Z"), "2027-01-12T07:00:00.000Z")
  assert.equal(endAt("nights", "2027-01-11T20:00:00.000Z", "2027-01-11T20:59:00.000Z"), "2027-01-11T20:59:00.000Z")
  assert.equal(endAt("none", "2027-01-11T20:30:00.000Z", "2027-01-11T20:30:00.000Z"), null)
})

test("all days of a week do not look for an end without end", () => {
  const always = { from: 0, to: 0, days: [1, 2, 3, 4, 5, 6, 7], zone: "UTC" }
  assert.equal(endOf({ until: null, hours: always }, at("2027-01-11T20:00:00.000Z")), at("2027-01-19T00:00:00.000Z"))
})

test("what the room says is read, and what is no answer is never", () => {
  assert.deepEqual(quietOf({ until: 5, hours: null }), { until: 5, hours: null })
  assert.equal(quietOf(null), null)
  assert.equal(quietOf({ until: "soon" }), null)
  assert.equal(offsetOf("Europe/Atlantis", 0), null)
  assert.equal(endAt("none", "2027-01-11T20:00:00.000Z"), null)
})
