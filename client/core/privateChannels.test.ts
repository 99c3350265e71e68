import assert from "node:assert/strict"
import { test } from "node:test"
import { privateChannelsIn } from "./privateChannels.ts"
import { Misshapen } from "./shape.ts"

const DEN = { id: "den", name: "den", members: 3, active_on: "2026-11-29", bytes: 9 }

test("a list of private channels is read, also of one in which nobody has said anything", () => {
  const silent = { ...DEN, active_on: null }
  assert.deepEqual(privateChannelsIn([DEN, silent]), [DEN, silent])
})

test("a damaged entry of the list is refused", () => {
  assert.throws(() => privateChannelsIn([{ ...DEN, members: "three" }]), Misshapen)
})
