import assert from "node:assert/strict"
import { test } from "node:test"
import { memoryShelf } from "./fakes.ts"
import { dropSign, keepSign, roomsOn, signOf, tellsOfRoom } from "./rooms.ts"

test("rooms are known from what their pages have kept, and nothing else is one", () => {
  const shelf = memoryShelf()
  const kept = {
    "main:title": "Harbour",
    "main:member": "{}",
    "main:sign": '{"colour":"rose","unread":4,"mentions":1}',
    "boats:title": "Boats",
    "boats:sign": '{"colour":"fir","unread":9,"mentions":9}',
    "a:title": "Anchor",
    "a:member": "{}",
    "a:sign": "damaged",
    theme: "dark",
    "main:anna:title": "no room",
    "Main:title": "nor this",
  }
  for (const [key, value] of Object.entries(kept)) shelf.set(key, value)
  const none = { colour: "", unread: 0, mentions: 0 }
  assert.deepEqual(roomsOn(shelf, Object.keys(kept), "en"), [
    { room: "a", title: "Anchor", isIn: true, ...none },
    { room: "main", title: "Harbour", isIn: true, colour: "rose", unread: 4, mentions: 1 },
    { room: "boats", title: "Boats", isIn: false, ...none, colour: "fir" },
  ])
  assert.ok(["main:title", "main:sign", "a-b:member"].every(tellsOfRoom))
  assert.ok(!["theme", "main:anna:draft", "main:name"].some(tellsOfRoom))
})

test("a room's sign counts what calls, and goes with the member", () => {
  const channel = (parts: object) => ({ notify: null, unread: 0, mentions: 0, ...parts })
  const channels = {
    a: channel({ unread: 3 }),
    b: channel({ unread: 5, notify: "none" }),
    c: channel({ unread: 2, mentions: 1 }),
  }
  const sign = signOf({ channels, look: null } as never)
  assert.deepEqual(JSON.parse(sign), { colour: "", unread: 5, mentions: 1 })
  const shelf = memoryShelf()
  shelf.set("main:member", "{}")
  keepSign(shelf, "main", sign)
  dropSign(shelf, "main")
  assert.equal(shelf.get("main:sign"), sign)
  shelf.remove("main:member")
  dropSign(shelf, "main")
  assert.equal(shelf.get("main:sign"), null)
})
