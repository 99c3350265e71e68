import assert from "node:assert/strict"
import { test } from "node:test"
import { memoryVault, problem, settle } from "../fakes.ts"
import { fakePage, fakeServer, openedAt, PART_BYTES, takenFiles } from "./fakes.ts"
import { CHUNK_BYTES, sealedBytes } from "./layout.ts"
import { memoryFileVault } from "./memoryVault.ts"

/** Five chunks: three parts. */
const LARGE = 5 * CHUNK_BYTES - 3

/** Lets sealing, which is not done at once, and what follows from it happen. */
async function happen(until: () => boolean) {
  for (let turn = 0; turn < 200 && !until(); turn++) await new Promise((resolve) => setTimeout(resolve, 5))
  await settle()
}

async function sending(sizes: Readonly<Record<string, number>> = { "a.png": LARGE }, server = fakeServer()) {
  const page = fakePage(server)
  const files = await takenFiles(page, sizes)
  const { transfers } = await page.files()
  return { page, files, server, transfers }
}

test("a file goes part by part, one and then three at a time, opens there, and then the message may go", async () => {
  const { page, files, server } = await sending({ "a.png": LARGE, "b.txt": 0, "c.txt": 1 })
  const release = server.hold()
  await page.say({ id: "m1", channel: "general", files })
  await page.hub.outbox.resume()
  await happen(() => server.sent.length === 1)
  const releaseMore = server.hold()
  release()
  await happen(() => server.sent.length === 4)
  releaseMore()
  await happen(() => page.outgoing()[0]?.uploaded === true)
  assert.deepEqual(
    page.outgoing()[0]?.files?.map(({ done }) => done.toSorted()),
    [["0", "1", "2", "t"], ["0"], ["0"]],
  )
  assert.equal(server.sent.length, 6)
  assert.equal(server.atOnce, 3)
  for (const [index, size] of [LARGE, 0, 1].entries()) {
    const file = files[index]
    assert.ok(file)
    assert.deepEqual(await (await openedAt(server, file)).bytes(), new Uint8Array(size).fill(7))
  }
  assert.equal(new Set(files.map(({ key }) => key)).size, 3)
})

test("how far it is, is said of each file, and forgotten with the message", async () => {
  const { page, files, server, transfers } = await sending({ "b.txt": PART_BYTES / 2 })
  const release = server.hold()
  await page.say({ id: "m1", channel: "general", files })
  await page.hub.outbox.resume()
  await happen(() => server.sent.length === 1)
  const id = files[0]?.id ?? ""
  const total = sealedBytes(PART_BYTES / 2)
  assert.deepEqual(transfers.store.get()[id]?.total, total)
  assert.ok((transfers.store.get()[id]?.sent ?? 0) > 0)
  release()
  await happen(() => page.outgoing()[0]?.uploaded === true)
  assert.deepEqual(transfers.store.get()[id], { sent: total, total, problem: null })
  page.hub.outbox.seen("m1")
  await settle()
  assert.deepEqual(transfers.store.get(), {})
  assert.deepEqual(await page.fileVault.all(), [])
  assert.deepEqual(
    server.asked.filter((asked) => asked.startsWith("DELETE")),
    [],
  )
})

test("after a reload only the parts go that were not there", async () => {
  const server = fakeServer()
  const [vault, fileVault] = [memoryVault(), memoryFileVault()]
  const before = fakePage(server, { own: "before", vault, fileVault })
  const files = await takenFiles(before, { "a.png": LARGE })
  await before.say({ id: "m1", channel: "general", files })
  // The network goes after two parts.
  const lost = { status: 0, code: "internal", retry_after: null }
  server.answers.push((name) => (server.parts.size < 2 ? null : { ...lost, code: name }))
  server.answers.push(lost, lost, lost)
  await before.hub.outbox.resume()
  await happen(() => server.parts.size === 2 && server.sent.length > 3)
  before.hub.close()
  await settle()
  server.answers.length = 0
  const there = [...server.parts.keys()]
  const sent = server.sent.length
  const after = fakePage(server, { own: "after", vault, fileVault })
  await after.hub.outbox.resume()
  await happen(() => after.outgoing()[0]?.uploaded === true)
  const again = server.sent.slice(sent).map((name) => name.split(" ")[0])
  assert.deepEqual(
    again.filter((name) => there.includes(name ?? "")),
    [],
  )
  assert.equal(again.length, 2)
  const [file] = files
  assert.ok(file)
  assert.equal((await openedAt(server, file)).size, LARGE)
})

test("two tabs: the other one leaves it alone, and goes on with it when the first is gone", async () => {
  const server = fakeServer()
  const [vault, fileVault] = [memoryVault(), memoryFileVault()]
  const first = fakePage(server, { own: "a", open: ["a", "b"], vault, fileVault })
  const files = await takenFiles(first, { "a.png": 3 })
  const release = server.hold()
  await first.say({ id: "m1", channel: "general", files })
  await first.hub.outbox.resume()
  await happen(() => server.sent.length === 1)
  const second = fakePage(server, { own: "b", open: ["a", "b"], vault, fileVault })
  await second.hub.outbox.resume()
  await settle()
  assert.deepEqual([second.outgoing(), server.sent.length], [[], 1])
  first.hub.close()
  release()
  const third = fakePage(server, { own: "c", open: ["c"], vault, fileVault })
  await third.hub.outbox.resume()
  await happen(() => third.outgoing()[0]?.uploaded === true)
  assert.equal(server.parts.size, 2)
})

test("what may pass is waited for and tried again: no network, a busy server, a limit of requests", async () => {
  const { page, files, server } = await sending({ "b.txt": 3 })
  server.reservations.push(
    problem(500, { code: "internal" }),
    problem(429, { code: "too_many_attempts", retry_after: 7 }),
  )
  server.answers.push({ status: 0, code: "internal", retry_after: null })
  server.answers.push({ status: 503, code: "internal", retry_after: null })
  server.answers.push({ status: 429, code: "too_many_attempts", retry_after: 9 })
  await page.say({ id: "m1", channel: "general", files })
  await page.hub.outbox.resume()
  const asked = () => server.asked.length
  const passes: [number, () => number][] = [
    [1_000, asked],
    [7_000, asked],
    [1_000, () => server.sent.length],
    [2_000, () => server.sent.length],
    [9_000, () => server.sent.length],
  ]
  for (const [ms, count] of passes) {
    await settle()
    const before = count()
    page.clock.pass(ms - 1)
    await settle()
    assert.equal(count(), before, `too early: ${ms}`)
    page.clock.pass(1)
    await happen(() => count() > before)
  }
  await happen(() => page.outgoing()[0]?.uploaded === true)
  assert.deepEqual([server.asked.length, server.sent.length], [3, 4])
})

test("when the line is back nobody waits any longer", async () => {
  const { page, files, server } = await sending({ "b.txt": 3 })
  server.reservations.push(problem(500, { code: "internal" }))
  await page.say({ id: "m1", channel: "general", files })
  await page.hub.outbox.resume()
  await settle()
  page.hub.outbox.interrupt()
  await page.hub.outbox.resume()
  await happen(() => page.outgoing()[0]?.uploaded === true)
  assert.equal(server.parts.size, 1)
})

test("a ticket that is over is renewed once for all parts that were refused with it", async () => {
  const { page, files, server } = await sending()
  const over = { status: 403, code: "forbidden", retry_after: null }
  const release = server.hold()
  await page.say({ id: "m1", channel: "general", files })
  await page.hub.outbox.resume()
  await happen(() => server.sent.length === 1)
  const releaseMore = server.hold()
  release()
  await happen(() => server.sent.length === 4)
  server.answers.push(over, over, over)
  releaseMore()
  await happen(() => page.outgoing()[0]?.uploaded === true)
  assert.deepEqual(server.asked, ["POST /files", "POST /files"])
  assert.equal(server.sent.length, 4 + 3)
  assert.ok(server.sent.slice(-3).every((sent) => sent.endsWith("ticket 2")))
})

for (const [what, code, status] of [
  ["the room is full", "limit_reached", 429],
  ["the file is too large", "too_large", 413],
  ["the channel is gone", "not_found", 404],
  ["the channel was archived", "archived", 409],
  ["there are no files here", "forbidden", 403],
] as const) {
  test(`${what}: the message says so, keeps what was typed and its files, and goes when it is tried again`, async () => {
    const { page, files, server, transfers } = await sending({ "b.txt": 3 })
    server.reservations.push(problem(status, { code }))
    await page.say({ id: "m1", channel: "general", body: "typed", files })
    await page.hub.outbox.resume()
    await happen(() => page.outgoing()[0]?.failed !== null)
    assert.deepEqual([page.outgoing()[0]?.failed, page.outgoing()[0]?.body], [code, "typed"])
    assert.equal(transfers.store.get()[files[0]?.id ?? ""]?.problem, code)
    assert.equal((await page.fileVault.all()).length, 1)
    transfers.retry("m1")
    await happen(() => page.outgoing()[0]?.uploaded === true)
    assert.equal(page.outgoing()[0]?.failed, null)
  })
}

test("a part that is refused for good fails the message, and its other parts stay for another try", async () => {
  const { page, files, server, transfers } = await sending()
  server.answers.push((name) => (name.endsWith("/2") ? { status: 413, code: "too_large", retry_after: null } : null))
  await page.say({ id: "m1", channel: "general", files })
  await page.hub.outbox.resume()
  await happen(() => page.outgoing()[0]?.failed !== null)
  assert.equal(page.outgoing()[0]?.failed, "too_large")
  const sent = server.sent.length
  const done = page.outgoing()[0]?.files?.[0]?.done ?? []
  transfers.retry("m1")
  await happen(() => page.outgoing()[0]?.uploaded === true)
  assert.equal(server.sent.length - sent, 4 - done.length)
})

test("a session that has ended stops it, marks nothing, and whoever comes back goes on", async () => {
  const { page, files, server } = await sending({ "b.txt": 3 })
  server.answers.push({ status: 401, code: "unauthenticated", retry_after: null })
  await page.say({ id: "m1", channel: "general", files })
  await page.hub.outbox.resume()
  await happen(() => page.checks() === 1)
  page.clock.pass(60_000)
  await settle()
  assert.deepEqual([page.checks(), page.outgoing()[0]?.failed, server.sent.length], [1, null, 1])
  await page.hub.outbox.resume()
  await happen(() => page.outgoing()[0]?.uploaded === true)
  assert.equal(server.parts.size, 1)
})

test("cancelling stops it, takes the message away, and gives the files up here and there", async () => {
  const { page, files, server, transfers } = await sending()
  server.hold()
  await page.say({ id: "m1", channel: "general", files })
  await page.say({ id: "m2", channel: "general", body: "behind" })
  await page.hub.outbox.resume()
  await happen(() => server.sent.length === 3)
  transfers.cancel("m1")
  await settle()
  assert.deepEqual(
    page.outgoing().map(({ id }) => id),
    ["m2"],
  )
  assert.deepEqual(server.asked, ["POST /files", `DELETE /files/${files[0]?.id}`])
  assert.deepEqual([await page.fileVault.all(), transfers.store.get(), server.parts.size], [[], {}, 0])
})

test("bytes that are no longer in this browser cannot be sent", async () => {
  const { page, files, server } = await sending({ "b.txt": 3 })
  await page.fileVault.drop(files.map(({ id }) => id))
  await page.say({ id: "m1", channel: "general", files })
  await page.hub.outbox.resume()
  await happen(() => page.outgoing()[0]?.failed !== null)
  assert.deepEqual([page.outgoing()[0]?.failed, server.asked], ["unreadable", []])
})
