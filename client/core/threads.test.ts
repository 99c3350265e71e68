import assert from "node:assert/strict"
import { test } from "node:test"
import { messageEvent } from "./fakes.ts"
import { message, type Request, type RoomEvent } from "./protocol.ts"
import { Refused } from "./requests.ts"
import { fetchThread, type Thread, threadAfter } from "./threads.ts"

const said = (seq: number, parts: object = {}) => message(messageEvent(seq, parts), "m")
const reply = (seq: number) => said(seq, { reply_to: "m1", reply_seq: 1 })
const came = (seq: number): RoomEvent => ({ kind: "message", seq, message: reply(seq) })
const THREAD: Thread = { first: said(1), replies: [reply(2), reply(4)], more: false }
const seqs = (thread: Thread | null) => thread?.replies.map(({ seq }) => seq)
const after = (thread: Thread | null, event: RoomEvent) => threadAfter(thread, event)

test("a thread comes page by page, each from where the last one ended", async () => {
  const asked: Request[] = []
  const ask = async (request: Request) => {
    asked.push(request)
    const isFirst = asked.length === 1
    return { type: "thread" as const, ref: "r", first: said(1), messages: [reply(isFirst ? 2 : 4)], more: isFirst }
  }
  const place = { channel: "general", seq: 1 }
  const begun = await fetchThread({ ask }, place, null)
  assert.ok(typeof begun !== "string")
  const all = await fetchThread({ ask }, place, begun)
  assert.ok(typeof all !== "string")
  assert.deepEqual([seqs(begun), begun.more, seqs(all), all.more], [[2], true, [2, 4], false])
  assert.deepEqual(asked, [
    { type: "thread", ...place },
    { type: "thread", ...place, after: 2 },
  ])
  assert.equal(await fetchThread({ ask: async () => new Refused("not_found") }, place, null), "not_found")
  asked.length = 0
  const again = await fetchThread({ ask }, place, null, 4)
  assert.ok(typeof again !== "string")
  assert.deepEqual([seqs(again), asked.length], [[2, 4], 2], "a line that is back shows as much as before")
})

test("a new reply stands at the end, once, and not before those that are still to come", () => {
  assert.deepEqual(seqs([came(6), came(6), came(4)].reduce(after, THREAD)), [2, 4, 6])
  assert.deepEqual(seqs(threadAfter({ ...THREAD, more: true }, came(6))), [2, 4])
  assert.equal(threadAfter(THREAD, { kind: "message", seq: 7, message: said(7) }), THREAD)
})

test("a reply that is edited, deleted or removed follows, and so does the first message", () => {
  const edit = { kind: "edit" as const, channel: "general", edited_at: 9, by: "boris", mentions: [] }
  const edited = threadAfter(THREAD, { ...edit, seq: 8, id: "m4", body: "never" })
  assert.deepEqual(
    edited?.replies.map((each) => each.state === "said" && each.body),
    ["message 2", "never"],
  )
  const deletion = { kind: "delete" as const, channel: "general", by: "boris", at: 9, unpinned: 0, reply_seq: 1 }
  assert.deepEqual(seqs(threadAfter(THREAD, { ...deletion, seq: 8, id: "m2" })), [4])
  assert.equal(threadAfter(THREAD, { ...deletion, seq: 8, id: "m1" })?.first.state, "deleted")
  const purge = { kind: "purge" as const, seq: 8, channel: "general" }
  assert.deepEqual(seqs(threadAfter(THREAD, { ...purge, up_to_seq: 0 })), [2, 4])
  const gone = threadAfter(THREAD, { ...purge, up_to_seq: 1 })
  assert.equal(gone, null, "what was replied to it is in the channel, and no thread any more")
  assert.equal(threadAfter(gone, came(9)), null)
})
