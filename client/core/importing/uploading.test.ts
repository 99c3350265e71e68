import assert from "node:assert/strict"
import { test } from "node:test"
import { fakeClock } from "../fakes.ts"
import { CHUNK_BYTES, partsOf, SEALED_CHUNK_BYTES, sealedBytes } from "../files/layout.ts"
import type { Stored } from "../files/ports.ts"
import { cipherOf } from "../files/sealing.ts"
import type { FileInfo } from "../files/types.ts"
import { createPatience } from "./patience.ts"
import { createUploading } from "./uploading.ts"

const PART_BYTES = 2 * SEALED_CHUNK_BYTES
const DONE: Stored = { status: 204, code: "", retry_after: null }

interface Given {
  /** What the server answers to parts, before it takes them. */
  readonly answers?: readonly Stored[]
  readonly refusal?: string
}

function uploadWith({ answers = [], refusal }: Given = {}) {
  const clock = fakeClock()
  const asked: (readonly [string, string])[] = []
  const parts = new Map<string, Uint8Array<ArrayBuffer>>()
  const tickets: string[] = []
  const left = [...answers]
  const { signal } = new AbortController()
  const uploading = createUploading({
    api: {
      call: async (method, path, parse) => {
        asked.push([method, path])
        if (refusal !== undefined && method === "POST") {
          const problem = {
            code: refusal,
            title: "",
            retry_after: null,
            confirm: false,
            confirmation: null,
            compare: null,
            expires_at: null,
            alike: false,
          }
          return { ok: false, problem }
        }
        const value = method === "POST" ? { ticket: `ticket-${asked.length}`, part_bytes: PART_BYTES } : null
        return { ok: true, value: parse(value) }
      },
    },
    put: async (url, ticket, sealed) => {
      tickets.push(ticket)
      const answer = left.shift() ?? DONE
      if (answer.status === 204) parts.set(url.split("/").at(-1) ?? "", sealed)
      return answer
    },
    subtle: crypto.subtle,
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    base: "https://chat.example/api/rooms/main",
    patience: () => createPatience(clock, 60_000, signal),
    signal,
  })
  return { ...uploading, clock, asked, parts, tickets }
}

const content = (size: number) => Uint8Array.from({ length: size }, (_, place) => place % 251)
const file = (size: number) => ({ name: "a.bin", type: "application/octet-stream", size })

/** A stream in pieces that fit nothing. */
function streamOf(bytes: Uint8Array<ArrayBuffer>, error?: Error): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream({
    pull: (controller) => {
      if (at < bytes.length) controller.enqueue(bytes.subarray(at, at + 100_003))
      else if (error === undefined) controller.close()
      else controller.error(error)
      at += 100_003
    },
  })
}

async function opened(parts: ReadonlyMap<string, Uint8Array<ArrayBuffer>>, info: FileInfo): Promise<Uint8Array> {
  const cipher = await cipherOf(info, crypto.subtle)
  const layout = partsOf(info.size, PART_BYTES)
  const end = layout.at(-1)?.end ?? 0
  const chunks: ArrayBuffer[] = []
  for (const { name, first } of layout)
    chunks.push(...(await cipher.open(parts.get(name) ?? new Uint8Array(), first, end)))
  return new Uint8Array(await new Blob(chunks).arrayBuffer())
}

test("a file of any size is sealed part by part, and opens again", async () => {
  for (const size of [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 5 * CHUNK_BYTES + 7]) {
    const { upload, parts, asked } = uploadWith()
    const info = await upload("general", file(size), streamOf(content(size)))
    assert.deepEqual(await opened(parts, info), content(size))
    assert.equal(
      [...parts.values()].reduce((sum, { length }) => sum + length, 0),
      sealedBytes(size),
    )
    assert.deepEqual(asked, [["POST", "/files"]])
  }
})

test("bytes that are fewer, more or damaged are no file, and what was sent is given up", async () => {
  const size = 3 * CHUNK_BYTES
  for (const stream of [
    streamOf(content(size - 1)),
    streamOf(content(size + 1)),
    streamOf(content(size), new Error("crc")),
  ]) {
    const { upload, asked } = uploadWith()
    await assert.rejects(upload("general", file(size), stream), { name: "NotTaken", code: "file_damaged" })
    assert.equal(asked.at(-1)?.[0], "DELETE")
  }
})

test("a ticket that is over is replaced, and a busy server asked again", async () => {
  const answers = [
    { status: 403, code: "forbidden", retry_after: null },
    { status: 0, code: "unreachable", retry_after: null },
  ]
  const { upload, clock, tickets, parts } = uploadWith({ answers })
  const going = upload("general", file(3), streamOf(content(3)))
  for (let turn = 0; turn < 200 && tickets.length < 2; turn++) await new Promise((resolve) => setTimeout(resolve, 5))
  assert.deepEqual(tickets, ["ticket-1", "ticket-2"])
  await new Promise((resolve) => setImmediate(resolve))
  clock.pass(1_000)
  assert.deepEqual(await opened(parts, await going), content(3))
})

test("a full room and an unknown refusal end it", async () => {
  await assert.rejects(uploadWith({ refusal: "limit_reached" }).upload("general", file(1), streamOf(content(1))), {
    name: "Stopped",
    code: "files_full",
  })
  const answers = [{ status: 413, code: "too_large", retry_after: null }]
  await assert.rejects(uploadWith({ answers }).upload("general", file(1), streamOf(content(1))), { code: "too_large" })
})
