import assert from "node:assert/strict"
import { test } from "node:test"
import { linesOf, type Reading } from "./lines.ts"

async function read(pieces: readonly (string | Uint8Array)[], reading?: Reading) {
  async function* chunks() {
    for (const piece of pieces) yield typeof piece === "string" ? new TextEncoder().encode(piece) : piece
  }
  const lines = []
  for await (const { number, text, problem } of linesOf(chunks(), reading)) lines.push([number, text ?? problem])
  return lines
}

test("lines are put together over chunks and counted from 1, the last with or without its end", async () => {
  assert.deepEqual(await read(["a", "b\nc", "\n", "\nd"]), [
    [1, "ab"],
    [2, "c"],
    [3, ""],
    [4, "d"],
  ])
  assert.deepEqual(await read(["a\n"]), [[1, "a"]])
  assert.deepEqual(await read([]), [])
  const word = new TextEncoder().encode("ё\n")
  assert.deepEqual(await read([word.slice(0, 1), word.slice(1)]), [[1, "ё"]])
})

test("a chunk that is used again by whoever gave it changes no line", async () => {
  const chunk = new TextEncoder().encode("ab")
  async function* chunks() {
    yield chunk
    chunk.fill(0x78)
    yield new TextEncoder().encode("c\n")
  }
  for await (const { text } of linesOf(chunks())) assert.equal(text, "abc")
})

test("a line that is too long, or is no UTF-8, is named, and the next one is read", async () => {
  assert.deepEqual(await read(["abc\nabcd\nab"], { most: 3 }), [
    [1, "abc"],
    [2, "oversized"],
    [3, "ab"],
  ])
  assert.deepEqual(await read(["ab", "cd", "\nab"], { most: 3 }), [
    [1, "oversized"],
    [2, "ab"],
  ])
  assert.deepEqual(await read([Uint8Array.of(0xff, 0x0a), "a"]), [
    [1, "malformed"],
    [2, "a"],
  ])
})

test("lines that nobody wants are only counted", async () => {
  const isWanted = (number: number) => number === 2 || number === 4
  assert.deepEqual(await read(["a\nb", "b\nc\nd"], { isWanted }), [
    [2, "bb"],
    [4, "d"],
  ])
})
