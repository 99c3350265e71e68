import assert from "node:assert/strict"
import { test } from "node:test"
import { ANNA, GENERAL_CHANNEL, messageEvent, welcomeFrame } from "./fakes.ts"
import { parseFrame, type RoomEvent } from "./protocol.ts"
import { advance, emptyRoom, enter, markPresence, markRead, nameOf, type Room, withTimeline } from "./room.ts"
import { fromSnapshot, toSnapshot } from "./snapshot.ts"
import { amend, EMPTY } from "./timeline.ts"

const AWAY = { channel: null, attentive: false }

function events(...list: object[]): readonly RoomEvent[] {
  const frame = parseFrame(JSON.stringify({ type: "events", events: list }))
  assert.equal(frame?.type, "events")
  return frame.type === "events" ? frame.events : []
}

function roomAt(seq: number, parts: object = {}): Room {
  const frame = parseFrame(JSON.stringify(welcomeFrame({ seq, ...parts })))
  assert.equal(frame?.type, "welcome")
  return frame.type === "welcome" ? enter(emptyRoom(ANNA), frame) : emptyRoom(ANNA)
}

const after = (room: Room, ...list: object[]) =>
  events(...list).reduce((state, event) => advance(state, event, AWAY), room)

test("somebody else's message counts as unread, a mention as one too", () => {
  const room = after(roomAt(0), messageEvent(1), messageEvent(2, { mentions: ["anna"] }))
  assert.equal(room.channels["general"]?.unread, 2)
  assert.equal(room.channels["general"]?.mentions, 1)
})

test("what was imported is unread for nobody, and those who wrote it have names", () => {
  const imported = { author: "clara", imported_at: 9 }
  const former = { seq: 1, kind: "former", members: [{ id: "clara", name: "Clara" }], by: "anna" }
  const room = after(roomAt(0), former, messageEvent(2, { ...imported, mentions: ["anna"] }))
  assert.deepEqual([room.channels["general"]?.unread, room.channels["general"]?.mentions], [0, 0])
  assert.equal(room.channels["general"]?.last_seq, 2)
  assert.equal(nameOf(room, "clara"), "Clara")
  assert.equal(after(room, messageEvent(3)).channels["general"]?.unread, 1)
})

test("one's own message means that everything before it was read", () => {
  const room = after(roomAt(0), messageEvent(1), messageEvent(2, { author: "anna" }))
  assert.equal(room.channels["general"]?.unread, 0)
  assert.equal(room.channels["general"]?.read_seq, 0) // the server learns of it by a `read`
})

const deletion = (seq: number, id: string) => ({ seq, kind: "delete", id, channel: "general", by: "boris", at: 9 })
const counts = (room: Room) => [room.channels["general"]?.unread, room.channels["general"]?.mentions]

test("a message that is deleted is unread no more, and mentions nobody", () => {
  const two = after(roomAt(0), messageEvent(1, { id: "a", mentions: ["anna"] }), messageEvent(2, { id: "b" }))
  assert.deepEqual(counts(two), [2, 1])
  assert.deepEqual(counts(after(two, deletion(3, "b"))), [1, 1])
  assert.deepEqual(counts(after(two, deletion(3, "a"))), [1, 0])
  assert.deepEqual(counts(after(two, deletion(3, "a"), deletion(4, "b"))), [0, 0])
  assert.deepEqual(counts(after(two, deletion(3, "unknown"))), [2, 1])
})

test("deleting what was read, or is one's own, leaves the count as it is", () => {
  const read = markRead(after(roomAt(0), messageEvent(1, { id: "a" })), "general", 1)
  const room = after(read, messageEvent(2, { id: "b" }))
  assert.deepEqual(counts(after(room, deletion(3, "a"))), [1, 0])
  const own = after(roomAt(0), messageEvent(1, { id: "a" }), messageEvent(2, { id: "b", author: "anna" }))
  const more = after(own, messageEvent(3, { id: "c" }))
  assert.deepEqual(counts(after(more, deletion(4, "a"), deletion(5, "b"))), [1, 0])
  assert.deepEqual(counts(after(more, deletion(4, "c"))), [0, 0])
})

test("a deletion that a resuming welcome has counted already is not counted twice", () => {
  const before = after(roomAt(0), messageEvent(1, { id: "a" }), messageEvent(2, { id: "b" }))
  const channels = [{ id: "general", name: "general", unread: 1, last_seq: 2 }]
  const frame = parseFrame(JSON.stringify(welcomeFrame({ seq: 3, resumed: true, channels })))
  assert.equal(frame?.type, "welcome")
  if (frame?.type !== "welcome") return
  const resumed = after(enter(before, frame), deletion(3, "b"))
  assert.deepEqual(counts(resumed), [1, 0])
  assert.deepEqual(counts(after(resumed, deletion(4, "a"))), [0, 0])
})

test("an event that was taken in before changes nothing", () => {
  const room = after(roomAt(0), messageEvent(1))
  assert.equal(after(room, messageEvent(1)), room)
})

test("events that a resuming welcome has counted already are not counted twice", () => {
  const frame = parseFrame(
    JSON.stringify(
      welcomeFrame({ seq: 3, resumed: true, channels: [{ id: "general", name: "general", unread: 2, last_seq: 3 }] }),
    ),
  )
  assert.equal(frame?.type, "welcome")
  if (frame?.type !== "welcome") return
  const before = after(roomAt(0), messageEvent(1))
  const resumed = after(enter(before, frame), messageEvent(2), messageEvent(3))
  assert.equal(resumed.seq, 3)
  assert.equal(resumed.channels["general"]?.unread, 2)
  assert.equal(after(resumed, messageEvent(4)).channels["general"]?.unread, 3)
})

test("resumed messages go into the timelines all the same", () => {
  const before = { ...roomAt(0), timelines: { general: { ...EMPTY, status: "ready" as const } } }
  const room = after(before, messageEvent(1), messageEvent(2))
  assert.deepEqual(
    room.timelines["general"]?.messages.map(({ seq }) => seq),
    [1, 2],
  )
})

test("a welcome that does not resume keeps what is shown in sight, to be loaded anew", () => {
  const before = { ...roomAt(5), timelines: { general: { ...EMPTY, status: "ready" as const } } }
  const frame = parseFrame(JSON.stringify(welcomeFrame({ seq: 5000 })))
  const room = frame?.type === "welcome" ? enter(before, frame) : before
  assert.equal(room.timelines["general"]?.status, "failed")
  assert.equal(room.seq, 5000)
})

test("the line new stands where attention ended", () => {
  const away = { channel: "general", attentive: false }
  const quiet = roomAt(7, { channels: [{ ...GENERAL_CHANNEL, last_seq: 7 }] })
  let room = quiet
  for (const event of events(messageEvent(8), messageEvent(9))) room = advance(room, event, away)
  assert.equal(room.dividers["general"], 7)
  room = markRead(room, "general", 9)
  for (const event of events(messageEvent(10), messageEvent(11))) room = advance(room, event, away)
  assert.equal(room.dividers["general"], 9)
})

test("a member who was removed keeps the name over what they said", () => {
  const room = after(roomAt(0), { kind: "member_removed", seq: 1, member: "boris", by: "anna" })
  assert.equal(room.members["boris"], undefined)
  assert.equal(nameOf(room, "boris"), "Boris")
})

test("a bot that was revoked is still seen to have been one", () => {
  const bot = { id: "robo", name: "Robo", role: "bot", created_by: "boris" }
  const joined = { kind: "member", seq: 1, member: bot, reason: "joined" }
  const gone = after(roomAt(0), joined, { kind: "member_removed", seq: 2, member: "robo", by: "boris" })
  const later = roomAt(2, {
    former_members: [
      { id: "robo", name: "Robo", role: "bot" },
      { id: "carla", name: "Carla" },
    ],
  })
  for (const room of [gone, later, fromSnapshot(JSON.parse(JSON.stringify(toSnapshot(later))))]) {
    assert.equal(room?.former["robo"]?.role, "bot")
    assert.equal(room && nameOf(room, "robo"), "Robo")
  }
  assert.equal(later.former["carla"]?.role, "member")
})

test("a channel comes, changes its name, and goes", () => {
  const channel = { id: "c1", name: "plans", topic: "", archived: false, created_by: "boris", retention_days: null }
  const made = after(roomAt(0), { kind: "channel", seq: 1, channel, by: "boris" }, messageEvent(2, { channel: "c1" }))
  const renamed = after(made, { kind: "channel", seq: 3, channel: { ...channel, name: "ideas" }, by: "boris" })
  assert.equal(renamed.channels["c1"]?.name, "ideas")
  assert.equal(renamed.channels["c1"]?.unread, 1)
  assert.equal(
    after(renamed, { kind: "channel_deleted", seq: 4, channel: "c1", by: "boris" }).channels["c1"],
    undefined,
  )
})

test("presence changes who is here and nothing else", () => {
  const room = markPresence(roomAt(0), [], ["boris", "nobody"])
  assert.equal(room.members["boris"]?.online, false)
  assert.equal(room.members["anna"]?.online, true)
  assert.equal(room.members["nobody"], undefined)
})

test("a snapshot gives back the room it was made of", () => {
  const before = { ...roomAt(4), timelines: { general: { ...EMPTY, status: "ready" as const } } }
  const room = after(before, messageEvent(5), messageEvent(6, { body: "", deleted_at: 3 }))
  const back = fromSnapshot(structuredClone(toSnapshot(room)))
  assert.deepEqual(back?.timelines, room.timelines)
  assert.deepEqual(back?.channels, room.channels)
  assert.equal(back?.seq, 6)
})

test("a change that is on its way is shown and not kept, and what others change meanwhile is both", () => {
  const before = { ...roomAt(4), timelines: { general: { ...EMPTY, status: "ready" as const } } }
  const stored = after(before, messageEvent(5, { body: "what I said" }))
  const [reaction] = events({
    seq: 6,
    kind: "reaction",
    id: "m5",
    channel: "general",
    emoji: "👍",
    by: "boris",
    on: true,
  })
  const [edit] = events({
    seq: 0,
    kind: "edit",
    id: "m5",
    channel: "general",
    body: "what I meant",
    edited_at: 7,
    by: "anna",
    mentions: [],
  })
  assert.ok(reaction && edit)
  const changed = withTimeline(stored, "general", (timeline) => amend(amend(timeline, edit), reaction))
  const [shown] = changed.timelines["general"]?.messages ?? []
  assert.deepEqual(shown?.state === "said" && [shown.body, shown.reactions], ["what I meant", { "👍": ["boris"] }])
  const [kept] = fromSnapshot(structuredClone(toSnapshot(changed)))?.timelines["general"]?.messages ?? []
  assert.deepEqual(kept?.state === "said" && [kept.body, kept.edited_at, kept.reactions], [
    "what I said",
    null,
    { "👍": ["boris"] },
  ])
  const confirmed = withTimeline(changed, "general", (timeline) => amend(timeline, { ...edit, seq: 7 }))
  const [back] = fromSnapshot(structuredClone(toSnapshot(confirmed)))?.timelines["general"]?.messages ?? []
  assert.equal(back?.state === "said" && back.body, "what I meant")
})

test("while an old piece is shown, a snapshot has the run up to the present", () => {
  const run = after(
    { ...roomAt(4), timelines: { general: { ...EMPTY, status: "ready" as const } } },
    messageEvent(5),
  ).timelines
  const timelines = { general: { ...EMPTY, status: "ready" as const, newer: true, present: run["general"] ?? null } }
  assert.deepEqual(fromSnapshot(structuredClone(toSnapshot({ ...roomAt(5), timelines })))?.timelines, run)
})

test("a snapshot that is damaged or from elsewhere is none", () => {
  for (const value of [null, 7, {}, { version: 99 }, { ...Object(toSnapshot(roomAt(1))), channels: 3 }]) {
    assert.equal(fromSnapshot(value), null)
  }
})
