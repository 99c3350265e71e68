import assert from "node:assert/strict"
import { test } from "node:test"
import { placeOf } from "./address.ts"

test("an address is taken as people copy it", () => {
  const chat = { origin: "https://chat.example", room: "main" }
  assert.deepEqual(placeOf("https://chat.example"), chat)
  assert.deepEqual(placeOf("chat.example/"), chat)
  assert.deepEqual(placeOf("HTTPS://CHAT.example/#general"), chat)
  assert.deepEqual(placeOf("https://chat.example/r/team"), { ...chat, room: "team" })
  assert.deepEqual(placeOf("https://chat.example/r/team/more?a=b#general"), { ...chat, room: "team" })
  assert.deepEqual(placeOf("https://chat.example/r/team", "other"), { ...chat, room: "other" })
  assert.deepEqual(placeOf("http://127.0.0.1:8787"), { origin: "http://127.0.0.1:8787", room: "main" })
})

test("what is none, and what is readable on the way, is refused", () => {
  for (const typed of ["", "ftp://chat.example", "https://", "javascript:alert(1)"]) {
    assert.throws(() => placeOf(typed), { name: "Trouble", message: /is not the address/ }, typed)
  }
  assert.throws(() => placeOf("http://chat.example"), { name: "Trouble", message: /not encrypted/ })
  assert.throws(() => placeOf("https://chat.example", "../x"), { name: "Trouble", message: /No room/ })
  for (const path of ["r/", "r/Te%20am", "r/team!"]) {
    assert.throws(() => placeOf(`https://chat.example/${path}`), { name: "Trouble", message: /No room/ }, path)
  }
})
