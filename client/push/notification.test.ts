import assert from "node:assert/strict"
import { test } from "node:test"
import { addressOf, destination, hashOf, placeFromHash, roomFromPath } from "../browser/places.ts"
import { bodyOf, readNews, titleOf } from "./notification.ts"

const PUSHED = {
  type: "message",
  reason: "message",
  room: "den",
  title: "Harbour",
  channel: "c1",
  channel_name: "plans",
  seq: 7,
  id: "m7",
  sender: "Boris",
  text: "Coffee?",
  count: 1,
  unread: 4,
  tag: "den/c1",
}
const news = (parts: object = {}) => readNews(JSON.stringify({ ...PUSHED, ...parts }))
const without = (...names: readonly string[]) =>
  readNews(JSON.stringify(Object.fromEntries(Object.entries(PUSHED).filter(([name]) => !names.includes(name)))))

const leadsTo = (told: object) => addressOf(destination(told, "told"))

test("a message says who wrote what, and where", () => {
  assert.equal(titleOf(news(), "en"), "Boris in #plans")
  assert.equal(titleOf(news(), "ru"), "Boris в #plans")
  assert.equal(bodyOf(news(), "en"), "Coffee?")
})

test("a direct message is called by who wrote it", () => {
  assert.equal(titleOf(without("channel_name"), "en"), "Boris")
  assert.equal(titleOf(news({ channel_name: null, reason: "mention" }), "ru"), "Boris")
})

test("a mention is addressed to whoever reads it", () => {
  assert.equal(titleOf(news({ reason: "mention" }), "en"), "Boris to you in #plans")
  assert.equal(titleOf(news({ reason: "mention" }), "ru"), "Boris вам в #plans")
})

test("of several messages the newest is told, and how many more there are", () => {
  assert.equal(bodyOf(news({ count: 3 }), "en"), "Coffee?\nand 2 more")
  assert.equal(bodyOf(news({ count: 3 }), "ru"), "Coffee?\nи ещё 2")
})

test("a message without a text says what it brings, one with a text says that", () => {
  const brings = (files: number, pictures: number, language: "en" | "ru") =>
    bodyOf(news({ text: "", files, pictures }), language)
  assert.deepEqual(
    [1, 2, 10].map((count) => brings(count, count, "en")),
    ["A picture", "2 pictures", "10 pictures"],
  )
  assert.deepEqual(
    [1, 4, 5].map((count) => brings(count, count, "ru")),
    ["Картинка", "4 картинки", "5 картинок"],
  )
  assert.deepEqual(
    [1, 2, 5].map((count) => brings(count, 0, "en")),
    ["A file", "2 files", "5 files"],
  )
  assert.deepEqual(
    [1, 2, 5].map((count) => brings(count, 1, "ru")),
    ["Картинка", "2 файла", "5 файлов"],
  )
  assert.equal(bodyOf(news({ text: "", files: 2, pictures: 2, count: 3 }), "en"), "2 pictures\nand 2 more")
  assert.equal(bodyOf(news({ files: 2, pictures: 2 }), "en"), "Coffee?")
  assert.equal(bodyOf(news({ text: "" }), "en"), "")
})

test("where nothing is to be told, only that there is something is", () => {
  const secret = without("sender", "channel_name", "text")
  assert.equal(titleOf(secret, "en"), "Harbour")
  assert.equal(bodyOf(secret, "en"), "New message")
  assert.equal(bodyOf({ ...secret, count: 4 }, "en"), "New messages: 4")
  assert.equal(bodyOf({ ...secret, count: 4 }, "ru"), "Новых сообщений: 4")
})

test("text in braces is told as it was written", () => {
  assert.equal(bodyOf(news({ text: "{count} of {sender}" }), "en"), "{count} of {sender}")
  assert.equal(titleOf(news({ sender: "{channel}" }), "en"), "{channel} in #plans")
})

for (const damaged of ["", "no JSON", "[]", "null", '{"count":"many"}', '{"type":"of another time"}']) {
  test(`something is shown for ${JSON.stringify(damaged)}`, () => {
    assert.equal(titleOf(readNews(damaged), "en"), "Durable Chat")
    assert.equal(bodyOf(readNews(damaged), "ru"), "Новое сообщение")
    assert.equal(leadsTo(readNews(damaged)), "/")
  })
}

test("a click leads to the message, a trial's to the room", () => {
  assert.equal(leadsTo(news()), "/r/den#c1/7")
  assert.equal(leadsTo(news({ room: "main", channel: "aB3_-x" })), "/#aB3_-x/7")
  assert.equal(leadsTo(news({ type: "test", channel: null, seq: null })), "/r/den")
})

test("the address of a room leads back to it", () => {
  for (const room of ["main", "den", "a-1"]) {
    assert.equal(roomFromPath(addressOf({ room, channel: null, seq: null })), room)
  }
})

test("an address leads to the place that it was made of, a damaged one nowhere", () => {
  for (const place of [
    { channel: "general", target: null },
    { channel: "aB3_-x", target: 7 },
  ]) {
    assert.deepEqual(placeFromHash(hashOf(place)), place)
  }
  for (const damaged of ["", "#", "#100%", "#general/", "#general/x", "#a/b/7"]) {
    assert.equal(placeFromHash(damaged), null)
  }
})

test("no sign of a message puts the words of a notification in another order", () => {
  assert.equal(bodyOf(news({ text: "photo_\u202Egpj.exe", count: 2 }), "en"), "photo_gpj.exe\nand 1 more")
})
