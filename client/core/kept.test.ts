import assert from "node:assert/strict"
import { test } from "node:test"
import { fetchFormer, fetchPins, fetchSaved } from "./kept.ts"
import { setPinned } from "./pinning.ts"
import type { Request } from "./protocol.ts"
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
  await fetchSaved({ ask }, page?.messages[0]?.at ?? null)
  assert.deepEqual([page?.more, asked], [true, [{ type: "saved" }, { type: "saved", before: 77 }]])
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
