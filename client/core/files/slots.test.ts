import assert from "node:assert/strict"
import { test } from "node:test"
import { fakeClock, settle } from "../fakes.ts"
import { createSlots } from "./slots.ts"

function line() {
  const clock = fakeClock()
  const slots = createSlots(clock)
  const going: (() => void)[] = []
  const ask = () =>
    void slots(
      () =>
        new Promise<void>((resolve) => {
          going.push(resolve)
        }),
    )
  /** The oldest that goes has arrived. */
  const arrive = async (after_ms: number) => {
    clock.pass(after_ms)
    going.shift()?.()
    await settle()
  }
  return { ask, arrive, going }
}

test("one goes first, and three at once as soon as it was quick", async () => {
  const { ask, arrive, going } = line()
  for (let part = 0; part < 6; part++) ask()
  await settle()
  assert.equal(going.length, 1)
  await arrive(4000)
  assert.equal(going.length, 3)
  await arrive(11_000) // the three share the line
  assert.equal(going.length, 3)
})

test("on a slow line one goes after the other, until it is quick again", async () => {
  const { ask, arrive, going } = line()
  for (let part = 0; part < 6; part++) ask()
  await settle()
  await arrive(4001)
  assert.equal(going.length, 1)
  await arrive(9000)
  assert.equal(going.length, 1)
  await arrive(100)
  assert.equal(going.length, 3)
})

test("a line that becomes slow lets no more in than one, and what fails makes room, too", async () => {
  const slots = createSlots(fakeClock())
  await assert.rejects(slots(() => Promise.reject(new Error("no line"))))
  assert.equal(await slots(async () => "stored"), "stored")
  const { ask, arrive, going } = line()
  for (let part = 0; part < 6; part++) ask()
  await settle()
  await arrive(1)
  await arrive(13_000)
  assert.equal(going.length, 2)
  await arrive(1)
  assert.equal(going.length, 1)
})
