import assert from "node:assert/strict"
import { test } from "node:test"
import type { Request } from "../protocol.ts"
import { Refused } from "../requests.ts"
import { bring, RowsUsed } from "./importer.ts"
import { type Choices, planFor } from "./plan.ts"
import { createReport } from "./report.ts"
import { NotTaken, Stopped } from "./room.ts"
import {
  attachment,
  channel,
  DAY_MS,
  type FakeRoom,
  fakeRoom,
  fakeSource,
  member,
  NOW,
  place,
  said,
  uuid,
} from "./roomFakes.ts"
import type { ImportSource } from "./source.ts"

const CHOICES: Choices = {
  people: new Map(),
  channels: new Map(),
  directAsPrivate: false,
  files: true,
  expired: "leave",
}
const SPACE = { count: 0, bytes: 0, room_file_bytes: 1_000_000 }

async function importInto(
  room: FakeRoom,
  source: ImportSource,
  choices: Partial<Choices> = {},
  mostRows: number | null = null,
) {
  const chosen = { ...CHOICES, ...choices }
  const report = createReport()
  const { signal } = new AbortController()
  const plan = await planFor(source, room, chosen, SPACE, { signal, report: createReport(), onRead: () => undefined })
  const progress: number[] = []
  const onProgress = ({ messages }: { messages: number }) => void progress.push(messages)
  const outcome = await bring(source, plan, room, chosen, mostRows, { signal, report, onProgress })
  return { outcome, plan, report, progress }
}

const many = (count: number, from = 1) => Array.from({ length: count }, (_, number) => said(from + number))
const brought = (room: FakeRoom) => [...room.brought.values()].flat().map(({ id }) => id)
const types = ({ asked }: FakeRoom) => asked.map(({ type }) => type)

test("channels are made, filled in frames, and archived at the end", async () => {
  const room = fakeRoom()
  const plans = place({ archived: true, topic: "of 2026" })
  const { outcome, plan, progress } = await importInto(room, fakeSource({ places: [[plans, many(201)]] }))
  assert.deepEqual(types(room), ["channel.create", "import", "import", "import", "channel.update"])
  assert.deepEqual(
    brought(room),
    many(201).map(({ id }) => id),
  )
  assert.deepEqual([...room.people.values()], ["Clara"])
  assert.deepEqual(progress, [100, 200, 201])
  assert.deepEqual(outcome, { messages: 201, files: 0, elsewhere: 0, rows: outcome.rows, isWhole: true })
  assert.ok(outcome.rows <= plan.rows)
  assert.equal(room.here().channels.at(-1)?.archived, true)
})

test("a second run asks for what is there and adds nothing", async () => {
  const room = fakeRoom()
  const source = fakeSource({
    places: [[place(), [said(1, { files: [attachment()] }), said(2)]]],
    contents: { F1: "abc" },
  })
  await importInto(room, source)
  const before = room.asked.length
  const { outcome } = await importInto(room, source)
  assert.deepEqual([outcome.messages, outcome.isWhole], [0, true])
  assert.deepEqual(types(room).slice(before), ["import", "history"])
  assert.equal(room.uploaded.size, 1)
})

test("what was deleted stands in its place, once", async () => {
  const room = fakeRoom()
  const gone = { id: uuid(2), deletedAt: NOW - 1, sentAt: NOW - 2, where: "plans, line 2" }
  const source = fakeSource({ places: [[place(), [said(1), gone, said(3, { replyTo: uuid(2) })]]] })
  const { outcome, report } = await importInto(room, source)
  assert.deepEqual([outcome.messages, report.count()], [3, 0])
  const [, second, third] = [...room.brought.values()].flat()
  assert.deepEqual([second, third?.reply_to], [{ id: uuid(2), deleted_at: NOW - 1, sent_at: NOW - 2 }, uuid(2)])
  assert.equal((await importInto(room, source)).outcome.messages, 0)
  assert.equal(brought(room).length, 3)
})

test("wherever it breaks off, the next run brings the rest and nothing twice", async () => {
  const source = fakeSource({
    places: [
      [place(), many(250)],
      [place({ key: "C2", name: "other" }), many(3, 300)],
    ],
  })
  for (let at = 0; at < 8; at++) {
    const room = fakeRoom()
    let left = at
    room.before = () => {
      if (left-- === 0) throw new Stopped("internal")
    }
    await importInto(room, source).catch((error: Error) => assert.equal(error.name, "Stopped"))
    room.before = () => undefined
    const { outcome } = await importInto(room, source)
    assert.equal(outcome.isWhole, true)
    assert.deepEqual(brought(room).toSorted(), [...many(250), ...many(3, 300)].map(({ id }) => id).toSorted())
    assert.equal(room.here().channels.length, 3)
  }
})

test("a channel whose answer was lost with the line is not made twice", async () => {
  for (const isMade of [true, false]) {
    const room = fakeRoom()
    const ask = room.ask
    let isLost = false
    Object.assign(room, {
      ask: async (request: Request) => {
        if (request.type !== "channel.create" || isLost) return ask(request)
        isLost = true
        if (isMade) await ask(request)
        throw new Refused("unreachable")
      },
    })
    await importInto(room, fakeSource({ places: [[place(), many(1)]] }))
    assert.equal(room.here().channels.filter(({ name }) => name === "plans").length, 1)
    assert.equal(brought(room).length, 1)
  }
})

test("a channel that was made is found although the welcome that names it comes after the next attempt", async () => {
  const room = fakeRoom()
  const { ask, here } = room
  const before = here()
  let attempts = 0
  Object.assign(room, {
    here: () => (attempts < 2 ? before : here()),
    ask: async (request: Request) => {
      if (request.type !== "channel.create") return ask(request)
      attempts += 1
      if (attempts > 1) throw new Refused("name_taken")
      await ask(request)
      throw new Refused("unreachable")
    },
  })
  const { outcome } = await importInto(room, fakeSource({ places: [[place(), many(1)]] }))
  assert.deepEqual([attempts, outcome.isWhole, brought(room).length], [2, true, 1])
})

test("files go before their message, and are given up if it does not come", async () => {
  const room = fakeRoom()
  const files = [attachment(), attachment({ key: "F2", name: "b.txt" }), attachment({ key: "F3", name: "gone.txt" })]
  const source = fakeSource({ places: [[place(), [said(1, { files })]]], contents: { F1: "abc", F2: "def" } })
  room.before = ({ type }) => {
    if (type === "import") throw new Stopped("internal")
  }
  await assert.rejects(importInto(room, source), { name: "Stopped" })
  assert.deepEqual(room.givenUp.toSorted(), ["file-0", "file-1"])
  room.before = () => undefined
  const { outcome, report } = await importInto(room, source)
  const [message] = [...room.brought.values()].flat()
  assert.deepEqual(
    message?.files?.map(({ name }) => name),
    ["summer.jpg", "b.txt"],
  )
  assert.deepEqual(report.first(), [{ where: "plans, line 1", why: "file_missing", detail: "gone.txt" }])
  assert.equal(outcome.files, 2)
})

test("an archived channel is opened for files that a later export has more, and archived again", async () => {
  const room = fakeRoom()
  const old = place({ archived: true })
  const contents = { F1: "abc" }
  await importInto(room, fakeSource({ places: [[old, many(1)]], contents }))
  const { outcome } = await importInto(
    room,
    fakeSource({ places: [[old, [said(1), said(2, { files: [attachment()] })]]], contents }),
  )
  assert.deepEqual([outcome.files, outcome.messages], [1, 1])
  assert.equal(room.here().channels.at(-1)?.archived, true)
})

test("a file that turns out damaged is left out, and its name stays where there is nothing else", async () => {
  const room = fakeRoom()
  Object.assign(room, { upload: () => Promise.reject(new NotTaken("file_damaged")) })
  const source = fakeSource({
    places: [[place(), [said(1, { body: "", files: [attachment()] })]]],
    contents: { F1: "abc" },
  })
  const { outcome, report } = await importInto(room, source)
  assert.equal([...room.brought.values()].flat()[0]?.body, "📎 summer.jpg")
  assert.deepEqual(
    report.first().map(({ why }) => why),
    ["file_damaged"],
  )
  assert.equal(outcome.isWhole, true)
})

test("what the room refuses of a frame goes without it, or stays behind alone", async () => {
  const room = fakeRoom()
  const messages = [said(1), said(2, { reactions: { "🫠": ["U1"] } }), said(3), said(4)]
  room.before = (request) => {
    if (request.type !== "import") return
    for (const [place, { id, reactions }] of request.messages.entries()) {
      if (reactions !== undefined) throw new Refused("malformed", `messages ${place}: emoji is not an emoji.`)
      if (id === uuid(3)) throw new Refused("malformed", `messages ${place}: body is empty.`)
    }
    const wrong = request.people?.findIndex(({ name }) => name === "Clara") ?? -1
    if (wrong >= 0) throw new Refused("malformed", `people ${wrong}: name must not hold characters that mean nothing.`)
  }
  const { outcome, report } = await importInto(room, fakeSource({ places: [[place(), messages]] }))
  assert.deepEqual(brought(room), [uuid(1), uuid(2), uuid(4)])
  assert.deepEqual(
    report.first().map(({ where, why }) => [where, why]),
    [
      ["plans, line 2", "reactions_refused"],
      ["plans, line 3", "refused"],
      ["Clara", "name_refused"],
    ],
  )
  assert.match([...room.people.values()][0] ?? "", /^Member /)
  assert.equal(outcome.isWhole, true)
})

test("a channel that is refused as a whole is said, and the others are filled", async () => {
  const room = fakeRoom()
  room.before = (request) => {
    if (request.type === "channel.create" && request.name === "plans") throw new Refused("name_taken")
  }
  const places = [
    [place(), many(1)],
    [place({ key: "C2", name: "other" }), many(1, 9)],
  ] as const
  const { outcome, report } = await importInto(room, fakeSource({ places }))
  assert.deepEqual([outcome.isWhole, brought(room)], [false, [uuid(9)]])
  assert.deepEqual(report.first(), [{ where: "# plans", why: "name_taken", detail: "" }])
})

test("what is kept is kept before it is brought", async () => {
  const room = fakeRoom({ retention_days: 7 })
  const old = said(1, { sentAt: NOW - 8 * DAY_MS })
  await importInto(room, fakeSource({ places: [[place(), [old]]] }), { expired: "keep" })
  assert.deepEqual(types(room), ["channel.create", "channel.update", "import"])
  assert.equal(room.here().channels.at(-1)?.retention_days, 0)
  const other = fakeRoom({ retention_days: 7 })
  const { outcome } = await importInto(other, fakeSource({ places: [[place(), [old, said(2, { sentAt: NOW })]]] }))
  assert.equal(outcome.messages, 1)
  assert.deepEqual(types(other), ["channel.create", "import"])
})

test("a conversation is opened and filled", async () => {
  const oskar = member("oskar", "Oskar", { role: "admin", secured: true })
  const anna = member("anna", "Anna", { secured: true })
  const room = fakeRoom({ members: [oskar, anna], channels: [channel("general", "general")] })
  const people = [
    { key: "U1", name: "Anna" },
    { key: "U2", name: "Oskar" },
  ]
  const talk = place({ kind: "direct", name: "", people: ["U1", "U2"] })
  await importInto(room, fakeSource({ people, places: [[talk, many(2)]] }))
  assert.deepEqual(types(room), ["direct.open", "import"])
})

test("after as many rows as were allowed it stops, and goes on another day", async () => {
  const room = fakeRoom()
  const source = fakeSource({ places: [[place(), many(250)]] })
  await assert.rejects(importInto(room, source, {}, 200), RowsUsed)
  assert.equal(brought(room).length, 100)
  const { outcome } = await importInto(room, source, {}, 400)
  assert.equal(outcome.messages, 150)
})
