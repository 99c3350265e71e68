import assert from "node:assert/strict"
import { test } from "node:test"
import { callAddress } from "./calls.ts"

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))

test("each call has an address of its own, which nobody guesses", () => {
  const made = Array.from({ length: 100 }, () => callAddress("https://meet.example.org/team-{call}?a=b", random))
  for (const address of made) assert.match(address, /^https:\/\/meet\.example\.org\/team-[a-z2-7]{20}\?a=b$/)
  assert.equal(new Set(made).size, 100)
  assert.deepEqual(
    new Set(
      made
        .join("")
        .match(/(?<=team-)[a-z2-7]{20}/g)
        ?.join(""),
    ).size,
    32,
  )
})

test("an operator's one address is the same for all calls", () => {
  assert.equal(callAddress("https://meet.example.org/team", random), "https://meet.example.org/team")
})
