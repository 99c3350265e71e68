import assert from "node:assert/strict"
import { test } from "node:test"
import { isClosed } from "./closed.ts"
import type { Channel } from "./protocol.ts"
import type { Room } from "./room.ts"

const ANNA = { id: "anna", name: "Anna", role: "member", secured: true, online: true } as const
const OLGA = { ...ANNA, id: "olga", name: "Olga", role: "admin" } as const
const BORIS = { ...ANNA, id: "boris", name: "Boris" } as const
const CHANNEL = { archived: false, kind: "direct", members: ["anna", "boris"] } as unknown as Channel

function room(direct_messages: string, me = ANNA): Pick<Room, "me" | "members" | "direct_messages"> {
  return { me, members: { anna: ANNA, boris: BORIS, olga: OLGA }, direct_messages } as unknown as Room
}

test("one writes everywhere where nothing speaks against it", () => {
  assert.equal(isClosed(room("everyone"), CHANNEL), false)
  assert.equal(isClosed(room("off"), { ...CHANNEL, kind: "open", members: [] }), false)
  assert.equal(isClosed(room("off"), { ...CHANNEL, kind: "private" }), false)
})

test("one only reads what is archived, and where one reads along", () => {
  assert.equal(isClosed(room("everyone"), { ...CHANNEL, kind: "open", members: [], archived: true }), true)
  assert.equal(isClosed(room("everyone", OLGA as unknown as typeof ANNA), CHANNEL), true)
})

test("conversations that are not wanted are read only, notes never", () => {
  assert.equal(isClosed(room("off"), CHANNEL), true)
  assert.equal(isClosed(room("with-admins"), CHANNEL), true)
  assert.equal(isClosed(room("with-admins"), { ...CHANNEL, members: ["anna", "olga"] }), false)
  assert.equal(isClosed(room("off"), { ...CHANNEL, members: ["anna", "olga"] }), true)
  for (const direct of ["off", "with-admins"])
    assert.equal(isClosed(room(direct), { ...CHANNEL, members: ["anna"] }), false)
})
