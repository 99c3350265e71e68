import assert from "node:assert/strict"
import { test } from "node:test"
import { IMPORTED, UUID, uuid5 } from "./uuid.ts"

test("names become the UUIDs of RFC 9562, appendix A.4", () => {
  assert.equal(uuid5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com"), "2ed6657d-e927-568b-95e1-2665a8aea6a2")
})

test("ids of imported messages stay as they are for ever", () => {
  assert.equal(uuid5(IMPORTED, "slack/C1/1700000000000100"), "3baff92e-a18c-56ee-99ea-9d13d1a466b2")
  assert.match(uuid5(IMPORTED, "ä"), UUID)
  assert.notEqual(uuid5(IMPORTED, "a"), uuid5(IMPORTED, "b"))
})
