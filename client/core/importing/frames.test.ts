import assert from "node:assert/strict"
import { test } from "node:test"
import type { Ready } from "./bringing.ts"
import { type Frame, fits, framesOf, MOST_FILES, MOST_MESSAGES } from "./frames.ts"
import { attachment, said, uuid } from "./roomFakes.ts"

const ready = (number: number, parts: Partial<Ready> = {}): Ready => ({
  said: said(number),
  message: { id: uuid(number), author: "a", sent_at: 1, body: "x" },
  files: [],
  people: new Map(),
  ...parts,
})

async function frames(...all: readonly Ready[]): Promise<readonly Frame[]> {
  const given = async function* () {
    yield* all
  }
  const made: Frame[] = []
  for await (const frame of framesOf(given())) made.push(frame)
  return made
}

const lengths = async (...all: readonly Ready[]) => (await frames(...all)).map((frame) => frame.ready.length)
const many = (count: number, of: (number: number) => Partial<Ready> = () => ({})) =>
  Array.from({ length: count }, (_, number) => ready(number, of(number)))

test("a frame has as many messages as the room takes, in their order", async () => {
  assert.deepEqual(await lengths(...many(MOST_MESSAGES)), [MOST_MESSAGES])
  assert.deepEqual(await lengths(...many(MOST_MESSAGES + 1)), [MOST_MESSAGES, 1])
  assert.deepEqual(await lengths(), [])
})

test("a frame is no longer than the room takes, in bytes", async () => {
  const long = many(10, (number) => ({
    message: { id: uuid(number), author: "a", sent_at: 1, body: "щ".repeat(4_000) },
  }))
  for (const { ready } of await frames(...long)) {
    assert.ok(new TextEncoder().encode(JSON.stringify(ready.map(({ message }) => message))).length < 65_000)
  }
  assert.equal(fits(ready(1, { message: { id: uuid(1), body: "x".repeat(70_000) } })), false)
})

test("a frame brings at most a hundred people along", async () => {
  const all = many(60, (number) => ({
    people: new Map([
      [`p${2 * number}`, "P"],
      [`p${2 * number + 1}`, "P"],
    ]),
  }))
  assert.deepEqual(
    (await frames(...all)).map(({ people }) => people.size),
    [100, 20],
  )
})

test("few files are on their way at a time", async () => {
  const all = many(5, () => ({ files: Array.from({ length: 10 }, () => attachment()) }))
  assert.equal(MOST_FILES, 20)
  assert.deepEqual(await lengths(...all), [2, 2, 1])
})
