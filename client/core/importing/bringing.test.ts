import assert from "node:assert/strict"
import { test } from "node:test"
import { readyFrom, readyGone } from "./bringing.ts"
import { mapPeople } from "./mapping.ts"
import { attachment, fakeSource, here, member, NOW, said } from "./roomFakes.ts"
import type { Attachment, Said } from "./source.ts"

async function bring(given: Said, files: readonly Attachment[] = given.files) {
  const mapping = await mapPeople(
    fakeSource({
      people: [
        { key: "U1", name: "Clara" },
        { key: "U2", name: "Anna" },
      ],
    }),
    here({ members: [member("anna", "Anna")] }),
    new Map(),
    crypto.subtle,
  )
  const told: string[] = []
  const ready = await readyFrom(given, files, mapping, NOW, ({ why }) => told.push(why))
  return { ready, told, clara: (await mapping.of("U1")).id }
}

test("a message keeps its times, its answers and its people, and names those who are no members", async () => {
  const { ready, told, clara } = await bring(
    said(1, {
      editedAt: NOW - 5,
      replyTo: said(0).id,
      mentions: ["U2"],
      reactions: { "👍": ["U2", "U1"] },
      shownAs: { name: "builds" },
    }),
  )
  assert.deepEqual(ready?.message, {
    id: said(1).id,
    author: clara,
    sent_at: said(1).sentAt,
    body: "said 1",
    edited_at: NOW - 5,
    reply_to: said(0).id,
    mentions: ["anna"],
    reactions: { "👍": ["anna", clara] },
    shown_as: { name: "builds" },
  })
  assert.deepEqual([...(ready?.people ?? [])], [[clara, "Clara"]])
  assert.deepEqual(told, [])
})

test("what has no time yet stays behind, and is said", async () => {
  const early = await bring(said(1, { sentAt: NOW + 1 }))
  assert.deepEqual([early.ready, early.told], [null, ["future"]])
  assert.notEqual((await bring(said(1, { sentAt: NOW }))).ready, null)
  assert.equal((await bring(said(1, { editedAt: NOW + 1 }))).ready?.message.edited_at, undefined)
})

test("one that was deleted has its times alone, and brings nobody along", () => {
  const told: string[] = []
  const ready = (deletedAt: number) =>
    readyGone({ id: said(1).id, deletedAt, sentAt: NOW - 9, where: "line 1" }, NOW, ({ why }) => told.push(why))
  const made = ready(NOW)
  assert.deepEqual(made?.message, { id: said(1).id, deleted_at: NOW, sent_at: NOW - 9 })
  assert.deepEqual([made?.files, made?.people.size, told], [[], 0, []])
  assert.deepEqual([ready(NOW + 1), told], [null, ["future"]])
})

test("a message whose only files cannot be taken keeps their names", async () => {
  const { ready } = await bring(said(1, { body: "", files: [attachment(), attachment({ name: "b.pdf" })] }), [])
  assert.equal(ready?.message.body, "📎 summer.jpg\n📎 b.pdf")
  assert.equal((await bring(said(1, { body: "", files: [attachment()] }))).ready?.message.body, "")
})

test("a message brings no more people along than a frame may", async () => {
  const strangers = Array.from({ length: 120 }, (_, number) => `S${number}`)
  const liked = await bring(said(2, { reactions: { "👍": strangers, "🎉": ["U2"] } }))
  assert.equal(liked.ready?.people.size, 100)
  assert.deepEqual(liked.ready?.message.reactions?.["🎉"], ["anna"])
  assert.deepEqual(liked.told, ["too_many"])
})
