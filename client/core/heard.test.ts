import assert from "node:assert/strict"
import { test } from "node:test"
import { heardBetween } from "./heard.ts"
import type { Channel, Member } from "./protocol.ts"
import type { Room } from "./room.ts"

type Counts = Partial<Pick<Channel, "last_seq" | "unread" | "mentions" | "notify" | "kind">>

function room(channels: Readonly<Record<string, Counts>>, people = 3): Pick<Room, "channels" | "members"> {
  const usual = { last_seq: 5, unread: 0, mentions: 0, notify: null, kind: "open" }
  const members = Array.from({ length: people }, (_, id) => ({ id: String(id), role: "member" }) as Member)
  return {
    // as: no more of a channel is looked at.
    channels: Object.fromEntries(
      Object.entries(channels).map(([id, counts]) => [id, { id, ...usual, ...counts } as Channel]),
    ),
    members: Object.fromEntries([...members, { id: "robo", role: "bot" } as Member].map((each) => [each.id, each])),
  }
}

function heard(before: Counts, after: Counts, people = 3): boolean {
  return heardBetween(room({ plans: before }, people), room({ plans: after }, people)).length === 1
}

test("in a crowd mentions and answers are heard, in a small room everything", () => {
  const message = { last_seq: 6, unread: 1 }
  assert.equal(heard({}, message), false)
  assert.equal(heard({}, { ...message, mentions: 1 }), true)
  assert.equal(heard({}, message, 2), true)
})

test("a conversation is heard, from its first message on", () => {
  assert.equal(heard({ kind: "direct" }, { kind: "direct", last_seq: 6, unread: 1 }), true)
  const begun = room({ talk: { kind: "direct", last_seq: 1, unread: 1 } })
  assert.deepEqual(
    heardBetween(room({}), begun).map(({ id }) => id),
    ["talk"],
  )
})

test("what was chosen counts", () => {
  const all = { last_seq: 6, unread: 1, mentions: 1 }
  assert.equal(heard({ notify: "none" }, { ...all, notify: "none" }), false)
  assert.equal(heard({ notify: "none", kind: "direct" }, { ...all, notify: "none", kind: "direct" }), false)
  assert.equal(heard({ notify: "all" }, { ...all, notify: "all", mentions: 0 }), true)
  assert.equal(heard({ notify: "mentions" }, { ...all, notify: "mentions", mentions: 0 }, 2), false)
})

test("nothing is heard where nothing new came", () => {
  assert.equal(heard({ unread: 1, mentions: 1 }, { unread: 1, mentions: 1 }), false)
  assert.equal(heard({}, { unread: 3, mentions: 2 }), false, "marked unread by hand")
  assert.equal(heard({ unread: 1, mentions: 1 }, { last_seq: 6, mentions: 0 }), false, "read elsewhere")
  assert.deepEqual(heardBetween(room({}), room({ plans: { unread: 9, mentions: 9 } })), [], "added to a channel")
})
