import assert from "node:assert/strict"
import { test } from "node:test"
import { messageEvent } from "./fakes.ts"
import { message } from "./protocol.ts"
import { rowsOf } from "./rows.ts"
import { EMPTY } from "./timeline.ts"

const MINUTE = 60_000
const said = (seq: number, sent_at: number, parts: object = {}) =>
  message(messageEvent(seq, { sent_at, ...parts }), "m")
const start = new Date(2026, 10, 22, 12, 0).getTime()

function rows(messages: ReturnType<typeof said>[], parts: Partial<Parameters<typeof rowsOf>[0]> = {}) {
  const timeline = { ...EMPTY, status: "ready" as const, messages }
  return rowsOf({
    timeline,
    outgoing: [],
    channel: "general",
    me: "anna",
    divider: undefined,
    removing: new Set(),
    ...parts,
  })
}

test("messages of one author within five minutes stand under one name", () => {
  const shown = rows([
    said(1, start),
    said(2, start + MINUTE),
    said(3, start + 7 * MINUTE),
    said(4, start + 7 * MINUTE, { author: "anna" }),
  ])
  assert.deepEqual(
    shown.map(({ leads }) => leads),
    [true, false, true, true],
  )
})

test("a new day is said where it begins", () => {
  const shown = rows([said(1, start), said(2, start + 24 * 60 * MINUTE), said(3, start + 24 * 60 * MINUTE + 1)])
  assert.deepEqual(
    shown.map((row) => row.kind === "message" && row.day !== null),
    [true, true, false],
  )
})

test("a message of another day that was deleted today moves no day", () => {
  const day = 24 * 60 * MINUTE
  const gone = (seq: number) => message({ seq, id: `m${seq}`, channel: "general", deleted_at: start + 2 * day }, "m")
  const shown = rows([gone(1), said(2, start), gone(3), said(4, start + MINUTE), said(5, start + day)])
  assert.deepEqual(
    shown.map((row) => row.kind === "message" && row.day),
    [null, start, null, null, start + day],
  )
})

test("the line new stands before the first message that was not read", () => {
  const shown = rows([said(1, start), said(5, start), said(9, start)], { divider: 1 })
  assert.deepEqual(
    shown.map((row) => row.kind === "message" && row.isNew),
    [false, true, false],
  )
})

test("what is being removed is out of sight", () => {
  assert.deepEqual(
    rows([said(1, start), said(2, start)], { removing: new Set(["m1"]) }).map(({ key }) => key),
    ["m2"],
  )
})

test("a message on its way stands at the end, unless the room has it already", () => {
  const outgoing = ["m2", "new"].map((id) => ({
    id,
    channel: "general",
    body: "hi",
    created_at: 0,
    owner: "t",
    failed: null,
  }))
  assert.deepEqual(
    rows([said(1, start), said(2, start)], { outgoing }).map(({ key }) => key),
    ["m1", "m2", "new"],
  )
})
