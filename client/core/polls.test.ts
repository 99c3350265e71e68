import assert from "node:assert/strict"
import { test } from "node:test"
import { messageFrom, messageRecord } from "./archive/records.ts"
import { optionsOf, pollOf, tally, textWithVotes } from "./polls.ts"
import { message, type RoomEvent } from "./protocol.ts"
import { amended } from "./timeline.ts"

const asked = { question: "where to?", options: ["in", "out"], multiple: false }
const said = (poll: unknown) =>
  message({ seq: 1, id: "m1", channel: "general", author: "anna", body: "📊", sent_at: 1, poll }, "message")
const after = (poll: unknown, ...events: RoomEvent[]) => {
  const last = events.reduce(amended, said(poll))
  assert.equal(last.state, "said")
  return pollOf(last)
}
const vote = (by: string, ...options: number[]): RoomEvent => ({
  kind: "vote",
  seq: 9,
  id: "m1",
  channel: "general",
  by,
  options,
})

test("votes that are told are those of the members, whatever the page had already", () => {
  const present = after({ ...asked, votes: { boris: [0] } }, vote("boris", 0), vote("anna", 1), vote("boris", 1))
  assert.ok(present)
  assert.deepEqual(tally(present), { chosen: [[], ["boris", "anna"]], voters: 2 })
  const taken = after(present, vote("boris"))
  assert.ok(taken)
  assert.deepEqual(tally(taken), { chosen: [[], ["anna"]], voters: 1 })
})

test("a poll that is closed keeps what was chosen", () => {
  const closed: RoomEvent = { kind: "poll_closed", seq: 9, id: "m1", channel: "general", by: "olga", at: 5 }
  assert.deepEqual(after({ ...asked, votes: { boris: [0] } }, closed), {
    ...asked,
    votes: { boris: [0] },
    closed_at: 5,
    closed_by: "olga",
  })
})

test("what is no poll stays none, and what is not understood is shown as its text", () => {
  assert.equal(after(undefined, vote("anna", 0)), null)
  assert.equal(pollOf(said({ question: 5 }) as { poll?: unknown }), null)
})

test("an export has the question, the options and the votes", () => {
  const record = messageFrom(said({ ...asked, votes: { boris: [1] } }))
  assert.deepEqual(messageRecord(JSON.parse(JSON.stringify(record)), "record").poll, {
    ...asked,
    votes: { boris: [1] },
    closed_at: undefined,
    closed_by: undefined,
  })
  assert.equal(textWithVotes(record), "📊 where to?\n- in (0)\n- out (1)")
  assert.equal("poll" in JSON.parse(JSON.stringify(messageFrom(said(undefined)))), false)
})

test("two different options at least", () => {
  assert.deepEqual(optionsOf([" a ", "", "b"]), ["a", "b"])
  assert.equal(optionsOf(["a", " "]), null)
  assert.equal(optionsOf(["a", "a "]), null)
})
