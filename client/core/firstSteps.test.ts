import assert from "node:assert/strict"
import { test } from "node:test"
import { memoryShelf } from "./fakes.ts"
import { keepSteps, stepsDone } from "./firstSteps.ts"

test("a step that was done once stays done, for this member alone", () => {
  const shelf = memoryShelf()
  keepSteps(shelf, "main:steps:anna", ["invite"])
  assert.deepEqual(stepsDone(shelf, "main:steps:anna", []), ["invite"])
  keepSteps(shelf, "main:steps:anna", ["hello"])
  assert.deepEqual(stepsDone(shelf, "main:steps:anna", ["keep"]), ["hello", "invite", "keep"])
  assert.deepEqual(stepsDone(shelf, "main:steps:anna", []), ["hello", "invite"])
  assert.deepEqual(stepsDone(shelf, "main:steps:boris", []), [])
})

test("nothing is kept of what nobody has done, and what is damaged counts for nothing", () => {
  const shelf = memoryShelf()
  keepSteps(shelf, "main:steps:anna", [])
  assert.equal(shelf.get("main:steps:anna"), null)
  shelf.set("main:steps:anna", "[object] hello invited")
  assert.deepEqual(stepsDone(shelf, "main:steps:anna", []), ["hello"])
})
