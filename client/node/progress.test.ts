import assert from "node:assert/strict"
import { test } from "node:test"
import { createProgress } from "./progress.ts"

function shown(isTerminal: boolean) {
  let now = 0
  const written: string[] = []
  const progress = createProgress({ isTerminal, write: (text) => written.push(text), now: () => now })
  return { written, progress, pass: (ms: number) => (now += ms) }
}

test("on a terminal one line changes ten times a second, and goes at the end", () => {
  const { written, progress, pass } = shown(true)
  for (const line of ["a", "b", "c"]) {
    progress.say(() => line)
    pass(60)
  }
  progress.end()
  assert.deepEqual(written, ["\r\u001b[2K  c", "\r\u001b[2K"])
})

test("in a log a line comes every ten seconds", () => {
  const { written, progress, pass } = shown(false)
  for (const line of ["a", "b", "c"]) {
    pass(6_000)
    progress.say(() => line)
  }
  progress.end()
  assert.deepEqual(written, ["  b\n"])
})
