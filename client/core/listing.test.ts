import assert from "node:assert/strict"
import { test } from "node:test"
import { DIRECT, GENERAL_CHANNEL } from "./fakes.ts"
import { asBefore, calls, firstOf, inOrder, nextUnread } from "./listing.ts"
import type { Channel } from "./protocol.ts"

const channel = (id: string, parts: Partial<Channel> = {}): Channel => ({ ...GENERAL_CHANNEL, id, name: id, ...parts })
const ids = (channels: readonly Channel[]) => channels.map(({ id }) => id)
const general = channel("general")

test("a muted channel calls only by what is said to somebody", () => {
  assert.deepEqual(
    [
      calls(channel("a")),
      calls(channel("a", { unread: 1 })),
      calls(channel("a", { unread: 1, notify: "mentions" })),
      calls(channel("a", { unread: 1, notify: "none" })),
      calls(channel("a", { unread: 1, mentions: 1, notify: "none" })),
    ],
    [false, true, true, false, true],
  )
})

test("unread channels stand first, each half in the usual order", () => {
  const all = [
    channel("pier"),
    channel("apples", { unread: 2 }),
    general,
    channel("Zoë", { unread: 1 }),
    channel("élan"),
  ]
  assert.deepEqual(ids(inOrder(all, "en")), ["general", "apples", "élan", "pier", "Zoë"])
  assert.deepEqual(ids(inOrder(all, "en", firstOf(all, "", new Set()))), ["apples", "Zoë", "general", "élan", "pier"])
})

test("conversations stand by their newest message, in a list with others as well", () => {
  const direct = (id: string, last_at: number, parts: Partial<Channel> = {}) =>
    channel(id, { ...DIRECT, id, last_at, ...parts })
  const all = [direct("old", 1), direct("new", 3), direct("middle", 2, { unread: 1 }), channel("pier"), general]
  assert.deepEqual(ids(inOrder(all, "en", firstOf(all, "", new Set()))), ["middle", "general", "pier", "new", "old"])
})

test("the channel that is open stays where it was when it was opened", () => {
  const unread = channel("pier", { unread: 3 })
  const before = firstOf([general, unread], "general", new Set())
  assert.deepEqual([...before], ["pier"])
  const opened = firstOf([general, channel("pier")], "pier", before)
  assert.deepEqual([...opened], ["pier"])
  assert.deepEqual([...firstOf([general, channel("pier")], "general", opened)], [])
  assert.deepEqual([...firstOf([channel("general", { unread: 1 }), channel("pier")], "general", opened)], [])
})

test("an order that somebody points at stays, and what is new comes at its end", () => {
  const all = [channel("apples"), channel("books", { unread: 1 }), channel("clouds")]
  assert.deepEqual(ids(asBefore(all, ["clouds", "gone", "books"])), ["clouds", "books", "apples"])
})

test("the next unread channel is the one below, around the end, and never the one that is open", () => {
  const listed = ["a", "b", "c", "d"]
  const of = (...unread: string[]) =>
    Object.fromEntries(listed.map((id) => [id, channel(id, { unread: unread.includes(id) ? 1 : 0 })]))
  assert.equal(nextUnread(listed, of("b", "d"), "b"), "d")
  assert.equal(nextUnread(listed, of("a", "b"), "c"), "a")
  assert.equal(nextUnread(listed, of("a", "b"), "c", -1), "b")
  assert.equal(nextUnread(listed, of("a", "d"), "b", -1), "a")
  assert.equal(nextUnread(listed, of("a"), "elsewhere"), "a")
  assert.equal(nextUnread(listed, of("c"), "c"), null)
  assert.equal(nextUnread([...listed, "unknown"], of(), "c"), null)
})
