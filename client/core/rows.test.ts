import assert from "node:assert/strict"
import { test } from "node:test"
import { messageEvent } from "./fakes.ts"
import { message } from "./protocol.ts"
import { type Row, rowsOf } from "./rows.ts"
import { amend, EMPTY } from "./timeline.ts"

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
    joined_seq: 0,
    removing: new Map(),
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

test("what a bot says for somebody else stands under another name", () => {
  const shown = rows([
    said(1, start),
    said(2, start, { shown_as: { name: "Grafana" } }),
    said(3, start, { shown_as: { name: "Grafana", emoji: "🔔" } }),
    said(4, start, { shown_as: { emoji: "🔔" } }),
  ])
  assert.deepEqual(
    shown.map(({ leads }) => leads),
    [true, true, false, true],
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

test("what is being removed stands where it stood, without its text, and so does what follows", () => {
  const before = [said(1, start), said(2, start), said(3, start)]
  const removing = rows(before, { removing: new Map([["m1", "undoable"]]) })
  assert.deepEqual(
    removing.map((row) => row.kind === "message" && [row.message.state, row.leads, row.day !== null, row.undoable]),
    [
      ["deleted", true, true, true],
      ["said", false, false, false],
      ["said", false, false, false],
    ],
  )
  const gone = amend(
    { ...EMPTY, messages: before },
    { kind: "delete", seq: 9, id: "m1", channel: "general", by: "boris", at: start + 1, unpinned: 0, reply_seq: 0 },
  )
  const place = ({ leads, day, key }: Row) => [leads, day, key]
  assert.deepEqual(rows([...gone.messages]).map(place), removing.map(place))
})

test("a message on its way has the name and the day that it will have when it is stored", () => {
  const written = (parts: object = {}) => ({
    id: "new",
    channel: "general",
    body: "hi",
    created_at: start,
    owner: "t",
    failed: null,
    ...parts,
  })
  const place = (row: Row | undefined) => [row?.leads, row?.day]
  const day = 24 * 60 * MINUTE
  for (const [former, parts] of [
    [[], {}],
    [[said(1, start - MINUTE, { author: "anna" })], {}],
    [[said(1, start - 9 * MINUTE, { author: "anna" })], {}],
    [[said(1, start - day, { author: "anna" })], {}],
    [[said(1, start)], {}],
    [[said(1, start, { author: "anna" })], { reply_to: "m1", reply_seq: 1 }],
  ] as const) {
    const stored = said(2, start, { author: "anna", ...("reply_to" in parts ? parts : {}) })
    const waiting = rows([...former], { outgoing: [written(parts)] }).at(-1)
    assert.deepEqual(place(waiting), place(rows([...former, stored]).at(-1)))
  }
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

test("where one joined stands behind what was there before, in its place or at the end", () => {
  const messages = [said(1, start), said(2, start), said(4, start)]
  const joins = (joined_seq: number, parts: object = {}) => rows(messages, { joined_seq, ...parts })
  const places = (shown: ReturnType<typeof rows>) => shown.map((row) => row.kind === "message" && row.joined)
  assert.deepEqual(places(joins(0)), [false, false, false])
  assert.deepEqual(places(joins(3)), [false, true, false])
  assert.deepEqual(
    joins(3).map(({ leads }) => leads),
    [true, false, true],
    "a name stands below it again",
  )
  assert.deepEqual(places(joins(9)), [false, false, true])
  const cut = { ...EMPTY, status: "ready" as const, messages, newer: true }
  assert.deepEqual(places(joins(9, { timeline: cut })), [false, false, false], "there is more that was there")
})
