import assert from "node:assert/strict"
import { test } from "node:test"
import { ahead } from "./ahead.ts"
import { inTime, TooLate } from "./inTime.ts"

/** Work whose ends the test decides; it fails where a run begins before the one before has ended. */
function worker() {
  const runs: { end(result: string): void; fail(): void }[] = []
  let busy = false
  const run = () =>
    new Promise<string>((resolve, reject) => {
      assert.equal(busy, false, "one at a time")
      busy = true
      const after = <A extends unknown[]>(settle: (...values: A) => void) => {
        return (...values: A) => {
          busy = false
          settle(...values)
        }
      }
      runs.push({ end: after(resolve), fail: after(() => reject(new Error("cancelled"))) })
    })
  return { runs, run }
}

const settled = () => new Promise((resolve) => setTimeout(resolve))

test("the first result is on its way before anybody asks, and whoever asks meanwhile begins no second run", async () => {
  const { runs, run } = worker()
  const take = ahead(run, 100, () => 0)
  const first = take(false)
  const second = take(false)
  await settled()
  assert.equal(runs.length, 1)
  runs[0]?.end("one")
  assert.equal(await first, "one")
  await settled()
  runs[1]?.end("two")
  assert.equal(await second, "two", "each is given once")
})

test("a run that failed before anybody asked is done again", async () => {
  const { runs, run } = worker()
  const take = ahead(run, 100, () => 0)
  runs[0]?.fail()
  const taken = take(false)
  await settled()
  runs[1]?.end("one")
  assert.equal(await taken, "one")
})

test("a run that fails for the one who asked is said, and the next one is tried", async () => {
  const { runs, run } = worker()
  const take = ahead(run, 100, () => 0)
  runs[0]?.fail()
  const refused = assert.rejects(take(false))
  await settled()
  runs[1]?.fail()
  await refused
  const taken = take(false)
  await settled()
  runs[2]?.end("one")
  assert.equal(await taken, "one")
})

for (const [what, fresh, later] of [
  ["unwanted", true, 0],
  ["too old", false, 101],
] as const) {
  test(`a result that is ${what} is not given`, async () => {
    let time = 0
    const { runs, run } = worker()
    const take = ahead(run, 100, () => time)
    runs[0]?.end("stale")
    time = later
    const taken = take(fresh)
    await settled()
    runs[1]?.end("fresh")
    assert.equal(await taken, "fresh")
  })
}

test("what never answers is given up", async () => {
  await assert.rejects(inTime(new Promise(() => undefined), 1), TooLate)
  assert.equal(await inTime(Promise.resolve("here"), 1_000), "here")
  await assert.rejects(inTime(Promise.reject(new Error("no")), 1_000), /no/)
})
