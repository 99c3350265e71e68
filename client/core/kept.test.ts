import assert from "node:assert/strict"
import { test } from "node:test"
import { fetchActivity, fetchFormer, fetchPins, fetchSaved, reactionsOfOthers } from "./kept.ts"
import { setPinned } from "./pinning.ts"
import { message, type Request } from "./protocol.ts"
import { Refused, type Result } from "./requests.ts"
import { placeOf, savedAfter } from "./saved.ts"

const pinned = (seq: number) => ({
  seq,
  id: `m${seq}`,
  channel: "general",
  author: "anna",
  body: "x",
  sent_at: 1,
  pin: { seq: 100 + seq, at: 5, by: "boris" },
})

test("all pages of pins are fetched, each from where the last one ended", async () => {
  const asked: Request[] = []
  const ask = async (request: Request): Promise<Result> => {
    asked.push(request)
    const isFirst = asked.length === 1
    return { type: "pins", ref: "r", messages: isFirst ? [pinned(9), pinned(8)] : [pinned(7)], more: isFirst }
  }
  const pins = await fetchPins({ ask }, "general")
  assert.deepEqual(
    pins?.map(({ message, by, at }) => [message.seq, by, at]),
    [
      [9, "boris", 5],
      [8, "boris", 5],
      [7, "boris", 5],
    ],
  )
  assert.deepEqual(asked, [
    { type: "pins", channel: "general" },
    { type: "pins", channel: "general", before: 108 },
  ])
})

test("pins that cannot be had are none", async () => {
  assert.equal(await fetchPins({ ask: async () => new Refused("unreachable") }, "general"), null)
})

test("a full channel says what to do", async () => {
  const said: string[] = []
  const chat = { change: async () => "limit_reached", showNotice: (code: string) => void said.push(code) }
  await setPinned(chat, { id: "m1", channel: "general" }, true)
  await setPinned({ ...chat, change: async () => null }, { id: "m1", channel: "general" }, true)
  assert.deepEqual(said, ["pins_full"])
})

test("what is saved follows what other devices save, and stays unknown until it was asked for", () => {
  const place = { channel: "general", seq: 7 }
  assert.equal(savedAfter(null, { ...place, on: true }), null)
  const one = savedAfter(new Set(), { ...place, on: true })
  assert.deepEqual([...(one ?? [])], [placeOf(place)])
  assert.equal(savedAfter(one, { ...place, on: false })?.size, 0)
})

test("a page of saved messages begins where the last one ended", async () => {
  const asked: Request[] = []
  const ask = async (request: Request): Promise<Result> => {
    asked.push(request)
    const { pin: _, ...message } = pinned(9)
    return { type: "saved", ref: "r", messages: [{ ...message, saved_at: 77 }], more: true, places: [] }
  }
  const page = await fetchSaved({ ask }, null)
  await fetchSaved({ ask }, page?.next ?? null)
  assert.deepEqual([page?.next, asked], [77, [{ type: "saved" }, { type: "saved", before: 77 }]])
})

test("a page of activity says why, when, what is new and where the next one begins", async () => {
  const { pin: _, ...said } = pinned(9)
  const reacted = { ...said, why: "reaction", at: 80, unseen: true }
  const asked: Request[] = []
  const ask = async (request: Request): Promise<Result> => {
    asked.push(request)
    return { type: "activity", ref: "r", messages: [reacted, { ...said, why: "mention", at: 70 }], next: 70 }
  }
  const page = await fetchActivity({ ask }, null)
  await fetchActivity({ ask }, page?.next ?? null)
  assert.deepEqual(
    page?.items.map(({ message, why, at, unseen }) => [message.seq, why, at, unseen]),
    [
      [9, "reaction", 80, true],
      [9, "mention", 70, false],
    ],
  )
  assert.deepEqual(asked, [{ type: "activity" }, { type: "activity", before: 70 }])
  const refused = async () => new Refused("unreachable")
  assert.equal(await fetchActivity({ ask: refused }, null), null)
})

test("who reacted are the others, each once, with what they chose", () => {
  const reactions = { "👍": ["anna", "boris"], "🎉": ["clara", "boris"], "❤️": ["anna"] }
  assert.deepEqual(reactionsOfOthers(message({ ...pinned(1), reactions }, "m")), {
    by: ["boris", "clara"],
    emojis: ["👍", "🎉"],
  })
})

test("the newest former text stands first", async () => {
  const texts = [
    { body: "first", at: 1 },
    { body: "second", at: 2 },
  ]
  const ask = async (): Promise<Result> => ({ type: "former", ref: "r", texts })
  assert.deepEqual(
    (await fetchFormer({ ask }, "m1", "general"))?.map(({ body }) => body),
    ["second", "first"],
  )
})
