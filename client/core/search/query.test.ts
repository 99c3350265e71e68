import assert from "node:assert/strict"
import { test } from "node:test"
import { ANNA, BORIS, GENERAL_CHANNEL } from "../fakes.ts"
import { emptyRoom } from "../room.ts"
import { candidates, fieldsOf, meant, openToken, takeFilters, withFilter } from "./query.ts"

const member = (id: string, name: string) => ({ ...BORIS, hue: 0, secured: false, id, name })
const room = {
  ...emptyRoom(ANNA),
  members: { anna: member("anna", "Anna"), boris: member("boris", "Borís Öz"), "boris-2": member("boris-2", "Boris") },
  former: { carla: member("carla", "Carla") },
  channels: {
    general: GENERAL_CHANNEL,
    plans: { ...GENERAL_CHANNEL, id: "plans", name: "our plans" },
    planning: { ...GENERAL_CHANNEL, id: "planning", name: "planning" },
  },
}
const NOW = new Date(2026, 10, 26, 12).getTime()
const day = (year: number, month: number, date: number) => String(new Date(year, month - 1, date).getTime())
const take = (text: string) => {
  const { text: rest, filters } = takeFilters(text, room, NOW)
  return [rest, ...filters.map(({ name, value }) => `${name} ${value}`)]
}

test("complete filters are taken out of the text, in both languages", () => {
  assert.deepEqual(take("from:anna the harbour "), ["the harbour ", "author anna"])
  assert.deepEqual(take("harbour от:Анна from:me в:general есть:файл до:2026-11-01 после:1.10.2026 now"), [
    "harbour от:Анна now",
    "author anna",
    "channel general",
    "has file",
    `before ${day(2026, 11, 1)}`,
    `after ${day(2026, 10, 1)}`,
  ])
  assert.deepEqual(take('in:"our plans" HAS:картинка от:меня ok'), ["ok", "channel plans", "has image", "author anna"])
  assert.deepEqual(take("in:#general from:@carla before:yesterday до:сегодня x"), [
    "x",
    "channel general",
    "author carla",
    `before ${day(2026, 11, 25)}`,
    `before ${day(2026, 11, 26)}`,
  ])
})

test("what is in quotes, runs on, or means nothing certain stays text", () => {
  for (const text of ['"from:anna is" said', "http://from:anna x", "on: from: anna", "from:b x", "before:2026-02-30 x"])
    assert.deepEqual(take(text), [text])
  assert.deepEqual(take("x from:anna"), ["x from:anna"])
})

test("a name that is whole means its member, though others begin with it", () => {
  const value = (name: "author" | "channel", typed: string) => meant({ name, value: typed }, room, NOW)?.value
  assert.equal(value("author", "boris"), "boris-2")
  assert.equal(value("author", "boris o"), "boris")
  assert.equal(value("channel", "plan"), undefined)
  assert.equal(value("channel", "planni"), "planning")
})

test("a filter that is being typed offers what it may mean, the likeliest first", () => {
  const offered = (text: string) => {
    const token = openToken(text)
    return token === null ? null : candidates(token, room, NOW).map(({ value }) => value)
  }
  assert.deepEqual(offered("harbour from:b"), ["boris", "boris-2"])
  assert.deepEqual(offered("in:plan"), ["planning", "plans"])
  assert.deepEqual(offered('в:"our p'), ["plans"])
  assert.deepEqual(offered("has:"), ["link", "file", "image"])
  assert.deepEqual(offered("есть:фай"), ["file"])
  assert.deepEqual(offered("до:"), [day(2026, 11, 26), day(2026, 11, 25), day(2026, 11, 19), day(2026, 10, 27)])
  assert.deepEqual(offered("before:2026-1"), [])
  assert.equal(offered("from:anna "), null)
  assert.equal(offered('in:"our plans"'), null)
})

test("the frame has fields only; of each name the last filter counts, and things add up", () => {
  const filters = [
    { name: "author", value: "anna" },
    { name: "has", value: "image" },
    { name: "author", value: "boris" },
    { name: "has", value: "link" },
    { name: "has", value: "image" },
    { name: "after", value: "1793487600000" },
  ] as const
  assert.deepEqual(
    fieldsOf("  the   harbour ", filters.reduce(withFilter, [] as readonly (typeof filters)[number][])),
    {
      query: "the harbour",
      author: "boris",
      after: 1793487600000,
      has: ["link", "image"],
    },
  )
  assert.equal(fieldsOf("  ", []), null)
})
