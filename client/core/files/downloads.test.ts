import assert from "node:assert/strict"
import { test } from "node:test"
import { settle } from "../fakes.ts"
import { fakePage, fakeServer, takenFiles } from "./fakes.ts"
import { CHUNK_BYTES } from "./layout.ts"
import type { FileInfo } from "./types.ts"

/** Five chunks: three parts. */
const LARGE = 5 * CHUNK_BYTES - 3

/** A reader, and files that somebody else has sent. `tickets`: what the room answers; by default it gives all. */
async function reading(
  sizes: Readonly<Record<string, number>> = { "a.png": LARGE },
  tickets: (ids: readonly string[]) => Readonly<Record<string, string>> = (ids) =>
    Object.fromEntries(ids.map((id) => [id, `for ${id}`])),
) {
  const server = fakeServer()
  const sender = fakePage(server)
  const taken = await takenFiles(sender, sizes)
  await sender.say({ id: "m1", channel: "general", files: taken })
  await sender.hub.outbox.resume()
  for (let turn = 0; turn < 200 && !sender.outgoing()[0]?.uploaded; turn++) await settle()
  const reader = fakePage(server)
  const asked: (readonly string[])[] = []
  const fetched: string[] = []
  Object.assign(reader.hub.ports, {
    fetch: (async (input, init) => {
      fetched.push(`${String(input).replace(/.*files\//, "")} ${new Headers(init?.headers).get("Download-Ticket")}`)
      return server.fetch(input, { ...init, method: "GET" })
    }) satisfies typeof globalThis.fetch,
  })
  Object.assign(reader.hub.requests, {
    ask: async ({ ids }: { ids: readonly string[] }) => {
      asked.push(ids)
      return { type: "tickets", ref: "", tickets: tickets(ids), expires_at: reader.clock.now() + 600_000 }
    },
  })
  const files: readonly FileInfo[] = taken.map(({ done, ...file }) => file)
  const { downloads } = await reader.files()
  /** Time passes while it is waited for. */
  const pass = async <T>(work: Promise<T>): Promise<T> => {
    work.catch(() => undefined)
    await settle()
    reader.clock.pass(20)
    return work
  }
  return { server, reader, downloads, files, asked, fetched, pass }
}

test("a file is fetched part by part and opened, and it is said how far that is", async () => {
  const { downloads, files, asked, fetched, pass } = await reading()
  const [file] = files
  assert.ok(file)
  const progress: number[] = []
  const blob = await pass(downloads.open(file, (bytes) => progress.push(bytes)))
  assert.deepEqual(await blob.bytes(), new Uint8Array(LARGE).fill(7))
  assert.equal(blob.type, "image/png")
  assert.deepEqual(
    fetched,
    [0, 1, 2].map((part) => `${file.id}/parts/${part} for ${file.id}`),
  )
  assert.deepEqual([progress, asked], [[2 * CHUNK_BYTES, 4 * CHUNK_BYTES, LARGE], [[file.id]]])
})

test("an empty file is a file, too", async () => {
  const { downloads, files, pass } = await reading({ "empty.txt": 0 })
  assert.ok(files[0])
  assert.equal((await pass(downloads.open(files[0]))).size, 0)
})

test("tickets are asked for together, fifty at a time, and kept until a minute before they are over", async () => {
  const { downloads, files, asked, reader, pass } = await reading({ "a.png": 3, "b.png": 4 })
  const many = Array.from({ length: 51 }, (_, index) => ({ ...files[0], id: `other-${index}` }) as FileInfo)
  const all = Promise.allSettled([...files, ...many].map((file) => downloads.thumbnail(file)))
  await pass(all)
  assert.deepEqual(
    asked.map((ids) => ids.length),
    [50, 3],
  )
  const [file] = files
  assert.ok(file)
  await downloads.open(file)
  reader.clock.pass(539_000)
  await downloads.open(file)
  assert.equal(asked.length, 2)
  reader.clock.pass(1_000)
  await pass(downloads.open(file))
  assert.equal(asked.length, 3)
})

test("thumbnails are opened once and stay for a while", async () => {
  const { downloads, files, fetched, pass } = await reading({ "a.png": LARGE })
  const [file] = files
  assert.ok(file)
  const [one, two] = await pass(Promise.all([downloads.thumbnail(file), downloads.thumbnail(file)]))
  assert.deepEqual([await one.text(), one.type, one === two], ["abc", "image/webp", true])
  assert.deepEqual(fetched.length, 1)
})

test("what is on its way from here is shown from here, and so is its small picture after it was sent", async () => {
  const server = fakeServer()
  const page = fakePage(server)
  const [file] = await takenFiles(page, { "a.png": 30 })
  assert.ok(file)
  await page.say({ id: "m1", channel: "general", files: [file] })
  const { downloads } = await page.files()
  assert.equal((await downloads.open(file)).size, 30)
  assert.equal(await (await downloads.thumbnail(file)).text(), "abc")
  page.hub.outbox.seen("m1")
  await settle()
  assert.deepEqual(await page.fileVault.all(), [])
  assert.equal(await (await downloads.thumbnail(file)).text(), "abc")
})

/** Answers the next requests so, and then as the server does. */
function answering(server: ReturnType<typeof fakeServer>, ...answers: (() => Promise<Response>)[]) {
  const { fetch } = server
  Object.assign(server, { fetch: (...asked: Parameters<typeof fetch>) => answers.shift()?.() ?? fetch(...asked) })
}
const status = (code: number) => async () => new Response(null, { status: code })

test("a ticket that is refused is asked for once more", async () => {
  const { downloads, files, server, asked, pass, reader } = await reading({ "a.txt": 3 })
  answering(server, status(403))
  const opening = downloads.open(files[0] ?? assert.fail())
  await pass(Promise.resolve())
  await settle()
  reader.clock.pass(20)
  assert.equal((await opening).size, 3)
  assert.equal(asked.length, 2)
})

for (const [what, code, answers, tickets] of [
  ["nobody has a ticket for it", "gone", [], () => ({})],
  ["it is not there", "gone", [status(404)], undefined],
  ["the server is busy", "unreachable", [status(503)], undefined],
  ["there is no network", "unreachable", [() => Promise.reject(new TypeError("no network"))], undefined],
  ["nothing comes", "damaged", [status(200)], undefined],
  ["too much comes", "damaged", [async () => new Response(new Uint8Array(20))], undefined],
  ["something else comes", "damaged", [async () => new Response(new Uint8Array(19))], undefined],
] as const) {
  test(`${what}: the file is ${code}, and may be asked for again`, async () => {
    let isFirst = true
    const given = (ids: readonly string[]) => {
      const told = isFirst ? tickets?.() : undefined
      isFirst = false
      return told ?? Object.fromEntries(ids.map((id) => [id, id]))
    }
    const { downloads, files, server, pass } = await reading({ "a.txt": 3 }, given)
    answering(server, ...answers)
    const file = files[0] ?? assert.fail()
    await assert.rejects(pass(downloads.thumbnail(file)), { name: "NotFetched", code })
    assert.equal((await pass(downloads.thumbnail(file))).size, 3)
  })
}

test("parts of another file, or a key that is none, do not open", async () => {
  const { downloads, files, server, pass } = await reading({ "a.txt": LARGE, "b.txt": LARGE })
  const [one, other] = files
  assert.ok(one && other)
  server.parts.set(`${one.id}/1`, server.parts.get(`${other.id}/1`) ?? new Uint8Array(0))
  await assert.rejects(pass(downloads.open(one)), { code: "damaged" })
  await assert.rejects(pass(downloads.open({ ...other, key: "short" })), { code: "damaged" })
  await assert.rejects(pass(downloads.open({ ...other, key: "?" })), { code: "damaged" })
})

test("who does not want it any more fetches no further part", async () => {
  const { downloads, files, fetched, pass } = await reading({ "a.txt": LARGE })
  const stopping = new AbortController()
  const opening = downloads.open(files[0] ?? assert.fail(), () => stopping.abort(), stopping.signal)
  await assert.rejects(pass(opening), { name: "AbortError" })
  assert.equal(fetched.length, 1)
})

test("without a line a file is waited for a while", async () => {
  const page = fakePage(fakeServer())
  const { downloads } = await page.files()
  const opening = downloads.open({ id: "A".repeat(22), key: "A".repeat(43), name: "a", type: "text/plain", size: 3 })
  opening.catch(() => undefined)
  await settle()
  page.clock.pass(30_000)
  await assert.rejects(opening, { code: "unreachable" })
})
