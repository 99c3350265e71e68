import assert from "node:assert/strict"
import { test } from "node:test"
import { messageEvent } from "./fakes.ts"
import { message, type Page } from "./protocol.ts"
import { amend, EMPTY, extend, place, prepend, showAround, showNewest, type Timeline } from "./timeline.ts"

const said = (seq: number, parts: object = {}) => message(messageEvent(seq, parts), "m")
const page = (seqs: readonly number[], more = false): Page => ({
  ref: "r",
  channel: "general",
  messages: seqs.map((seq) => said(seq)),
  more,
})
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
  const around = showAround(EMPTY, page([10, 11], true), page([12, 13], true))
  const grown = extend(prepend(around, page([8, 9, 10], false)), page([13, 14], false))
  assert.deepEqual(seqs(grown), [8, 9, 10, 11, 12, 13, 14])
  assert.equal(grown.older, false)
  assert.equal(grown.newer, false)
})

test("a run that does not reach the present takes no new message: there would be a gap", () => {
  const around = showAround(EMPTY, page([10], true), page([11], true))
  assert.equal(place(around, said(99)), around)
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
  const gone = amend(again, { kind: "delete", seq: 6, id: "m1", channel: "general", by: "boris", at: 9 })
  assert.equal(gone.messages[0]?.state, "deleted")
  assert.equal(gone.messages[0]?.seq, 1)
})

test("a purge removes what is old and says so", () => {
  const timeline = showNewest(EMPTY, page([1, 2, 3], true))
  const purged = amend(timeline, { kind: "purge", seq: 9, channel: "general", up_to_seq: 2, count: 2 })
  assert.deepEqual(seqs(purged), [3])
  assert.equal(purged.purged, true)
  assert.equal(purged.older, false)
})
