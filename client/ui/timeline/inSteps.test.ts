import assert from "node:assert/strict"
import { test } from "node:test"
import type { Row } from "../../core/rows.ts"
import { type Step, stepTo } from "./inSteps.ts"

/** Rows with these letters as keys; nothing else of them is looked at. */
const rowsOf = (keys: string) => [...keys].map((key) => ({ key }) as Row)
const keysOf = (rows: readonly Row[]) => rows.map(({ key }) => key).join("")

/** Each step on the way, a `<` before those with rows in front: what is put there is held first. */
function way(from: string, to: string, held = false): string[] {
  const wanted = rowsOf(to)
  const steps: string[] = []
  let step: Step = { rows: rowsOf(from), shift: false }
  while (step.rows !== wanted) {
    step = stepTo(wanted, step, held && steps.length === 0)
    steps.push((step.shift ? "<" : "") + keysOf(step.rows))
    assert.ok(steps.length < 4, "it does not end")
  }
  return steps
}

const ways: Readonly<Record<string, readonly [string, string, readonly string[]]>> = {
  "an older page is put in front": ["cd", "abcd", ["<abcd"]],
  "a newer one is put behind": ["cd", "cdef", ["cdef"]],
  "of both, the older one is first": ["cd", "abcdef", ["<abcd", "abcdef"]],
  "a message that came with an older page is shown after it": ["cd", "abcde", ["<abcd", "abcde"]],
  "what is too old goes in front, and what is new comes after": ["abcd", "cdef", ["<cd", "cdef"]],
  "the last message goes, an older page comes": ["cd", "abc", ["abc"]],
  "other rows altogether are shown at once": ["ab", "xyz", ["xyz"]],
  "the first ones are shown at once": ["", "abc", ["abc"]],
  "all go": ["abc", "", [""]],
}

for (const [name, [from, to, steps]] of Object.entries(ways)) {
  test(name, () => assert.deepEqual(way(from, to), steps))
}

test("while what was put in front is held, what comes behind waits", () => {
  assert.deepEqual(way("abcd", "abcdef", true), ["abcd", "abcdef"])
  assert.deepEqual(way("abcd", "abcxy", true), ["abcxy"], "the last one went")
})
