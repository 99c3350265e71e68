import assert from "node:assert/strict"
import { test } from "node:test"
import { messageEvent } from "./fakes.ts"
import { message, type Page, type RoomEvent } from "./protocol.ts"
import {
  amend,
  detach,
  EMPTY,
  extend,
  follow,
  held,
  place,
  prepend,
  showAround,
  showNewest,
  type Timeline,
} from "./timeline.ts"

const said = (seq: number, parts: object = {}) => message(messageEvent(seq, parts), "m")
const page = (seqs: readonly number[], more = false): Page => ({
  ref: "r",
  channel: "general",
  messages: seqs.map((seq) => said(seq)),
  more,
  older: false,
  newer: false,
  pinned: [],
  at: null,
})
const piece = (seqs: readonly number[]): Page => ({ ...page(seqs, true), older: true, newer: true })
const seqs = ({ messages }: Timeline) => messages.map(({ seq }) => seq)

test("a message goes where its seq belongs, and only once", () => {
  const timeline = showNewest(EMPTY, page([1, 2, 5]))
  const placed = place(place(timeline, said(4)), said(7))
  assert.deepEqual(seqs(placed), [1, 2, 4, 5, 7])
  assert.equal(place(placed, said(4)), placed)
})

test("what arrived live while the newest page was on its way stays", () => {
  const timeline = place({ ...EMPTY, older: true }, said(9))
  assert.deepEqual(seqs(showNewest(timeline, page([6, 7, 8], true))), [6, 7, 8, 9])
})

test("older and newer pages join without doubles", () => {
  const around = showAround(EMPTY, piece([10, 11, 12, 13]))
  const grown = extend(prepend(around, page([8, 9, 10], false)), page([13, 14], false))
  assert.deepEqual(seqs(grown), [8, 9, 10, 11, 12, 13, 14])
  assert.equal(grown.older, false)
  assert.equal(grown.newer, false)
})

test("a run that does not reach the present takes no new message: there would be a gap", () => {
  const around = showAround(EMPTY, piece([10, 11]))
  assert.equal(place(around, said(99)), around)
})

/** Messages 50 to 52 are known up to the present, and those around 11 are shown. */
const apart = () => showAround(detach(showNewest(EMPTY, page([50, 51, 52], true))), piece([10, 11, 12]))

test("beside an older piece the run up to the present goes on, and the piece does not", () => {
  const moved = place(apart(), said(60))
  assert.deepEqual(seqs(moved), [10, 11, 12])
  assert.deepEqual(moved.present && seqs(moved.present), [50, 51, 52, 60])
  assert.equal(place(moved, said(60)), moved)
  const waiting = place(detach(showNewest(EMPTY, page([50]))), said(60))
  assert.deepEqual([seqs(waiting), waiting.status], [[], "loading"])
  assert.deepEqual(waiting.present && seqs(waiting.present), [50, 60])
})

test("scrolling joins a piece to the run up to the present as soon as they touch, not before", () => {
  const near = extend(apart(), page([13, 49], true))
  assert.deepEqual([seqs(near), near.newer], [[10, 11, 12, 13, 49], true])
  const joined = extend(place(near, said(60)), page([50, 51], true))
  assert.deepEqual(seqs(joined), [10, 11, 12, 13, 49, 50, 51, 52, 60])
  assert.deepEqual([joined.newer, joined.older, joined.present], [false, true, null])
  assert.deepEqual(seqs(place(joined, said(61))).at(-1), 61)
})

test("a piece that reaches into the run up to the present is one with it at once", () => {
  const known = showNewest(EMPTY, page([50, 51, 52], true))
  const reaching = showAround(detach(known), piece([48, 49, 50]))
  assert.deepEqual([seqs(reaching), reaching.newer], [[48, 49, 50, 51, 52], false])
  const last = showAround(place(detach(known), said(60)), { ...piece([51, 52]), newer: false })
  assert.deepEqual([seqs(last), last.present], [[51, 52, 60], null])
})

test("from one piece to the next, what is beside them stays", () => {
  const next = showAround(detach(apart()), piece([30, 31]))
  assert.deepEqual(
    [seqs(next), next.present && seqs(next.present)],
    [
      [30, 31],
      [50, 51, 52],
    ],
  )
  assert.equal(detach({ ...EMPTY, messages: [said(5)], status: "failed" }).present, null)
})

test("a change reaches its message beside a piece, too", () => {
  const gone = amend(apart(), {
    kind: "delete",
    seq: 61,
    id: "m51",
    channel: "general",
    by: "boris",
    at: 5,
    unpinned: 0,
    reply_seq: 0,
  })
  assert.deepEqual(
    [held(gone, "m51")?.state, held(gone, "m11")?.state, held(gone, "m7")],
    ["deleted", "said", undefined],
  )
  const purged = amend(apart(), { kind: "purge", seq: 61, channel: "general", up_to_seq: 11 })
  assert.deepEqual([seqs(purged), purged.present?.messages.length], [[12], 3])
})

test("a message older than the run is not put in front of it while more is to be loaded", () => {
  const timeline = showNewest(EMPTY, page([10, 11], true))
  assert.equal(place(timeline, said(3)), timeline)
})

test("an edit, a reaction and a deletion change their message and leave the others alone", () => {
  const timeline = showNewest(EMPTY, page([1, 2]))
  const edited = amend(timeline, {
    kind: "edit",
    seq: 3,
    id: "m1",
    channel: "general",
    body: "better",
    edited_at: 5,
    by: "boris",
    mentions: [],
  })
  assert.equal(edited.messages[0]?.state === "said" && edited.messages[0].body, "better")
  assert.equal(edited.messages[1], timeline.messages[1])
  const liked = amend(edited, {
    kind: "reaction",
    seq: 4,
    id: "m2",
    channel: "general",
    emoji: "👍",
    by: "anna",
    on: true,
  })
  assert.deepEqual(liked.messages[1]?.state === "said" && liked.messages[1].reactions, { "👍": ["anna"] })
  const again = amend(liked, {
    kind: "reaction",
    seq: 5,
    id: "m2",
    channel: "general",
    emoji: "👍",
    by: "anna",
    on: true,
  })
  assert.deepEqual(again.messages[1]?.state === "said" && again.messages[1].reactions, { "👍": ["anna"] })
  const gone = amend(again, {
    kind: "delete",
    seq: 6,
    id: "m1",
    channel: "general",
    by: "boris",
    at: 9,
    unpinned: 0,
    reply_seq: 0,
  })
  assert.equal(gone.messages[0]?.state, "deleted")
  assert.equal(gone.messages[0]?.seq, 1)
})

test("a purge removes what is old and says so", () => {
  const timeline = showNewest(EMPTY, page([1, 2, 3], true))
  const purged = amend(timeline, { kind: "purge", seq: 9, channel: "general", up_to_seq: 2 })
  assert.deepEqual(seqs(purged), [3])
  assert.equal(purged.purged, true)
  assert.equal(purged.older, false)
})

test("pins come with a page, and follow what happens, also to messages that are not shown", () => {
  const pinOf = (seq: number, on: boolean) =>
    ({ kind: "pin", seq: 90, id: `m${seq}`, channel: "general", message_seq: seq, by: "anna", on }) as const
  const shown = showNewest(EMPTY, { ...page([10, 11]), pinned: [3] })
  const more = amend(amend(shown, pinOf(11, true)), pinOf(11, true))
  assert.deepEqual(more.pinned, [11, 3])
  assert.deepEqual(detach(more).pinned, [11, 3])
  assert.deepEqual(amend(more, pinOf(3, false)).pinned, [11])
  const gone = {
    kind: "delete",
    seq: 91,
    id: "m3",
    channel: "general",
    by: "anna",
    at: 1,
    unpinned: 3,
    reply_seq: 0,
  } as const
  assert.deepEqual(amend(more, gone).pinned, [11])
  const purged = amend(more, { kind: "purge", seq: 92, channel: "general", up_to_seq: 5 })
  assert.deepEqual([purged.pinned, seqs(purged)], [[11], [10, 11]])
})

test("replies are counted as they come and go, and none of them twice", () => {
  const answered = message(messageEvent(3, { replies: { count: 2, at: 5, as_of: 8 } }), "m")
  const timeline = showNewest(EMPTY, { ...page([]), messages: [answered, said(4)] })
  const reply = (seq: number): RoomEvent => {
    return { kind: "message", seq, message: said(seq, { reply_to: "m3", reply_seq: 3, sent_at: seq }) }
  }
  const gone: RoomEvent = {
    kind: "delete",
    seq: 10,
    id: "m9",
    channel: "general",
    by: "boris",
    at: 1,
    unpinned: 0,
    reply_seq: 3,
  }
  const counts = (events: readonly RoomEvent[]) => events.reduce(follow, timeline).messages[0]?.replies
  assert.deepEqual(counts([reply(8)]), { count: 2, at: 5, as_of: 8 })
  assert.deepEqual(counts([reply(9), reply(9)]), { count: 3, at: 9, as_of: 9 })
  assert.deepEqual(counts([reply(9), gone, gone]), { count: 2, at: null, as_of: 10 })
  assert.deepEqual(follow(timeline, { ...gone, id: "m3", reply_seq: 0 }).messages[0]?.replies?.count, 2)
})
