/**
 * Seals a file from a stream and brings it to the room, part by part (docs/protocol.md, "Files"): one part is in memory at a
 * time, however large the file is.
 */
import type { Answer, Api } from "../api.ts"
import { parseNothing } from "../api.ts"
import { toBase64url } from "../encoding.ts"
import { CHUNK_BYTES, FILE_ID_BYTES, type Part, partsOf, SEALED_CHUNK_BYTES, sealedBytes } from "../files/layout.ts"
import type { Put, Stored } from "../files/ports.ts"
import { cipherOf } from "../files/sealing.ts"
import type { FileInfo, Sending } from "../files/types.ts"
import { number, object, type Shaped, text } from "../shape.ts"
import type { Patience } from "./patience.ts"
import { NotTaken } from "./room.ts"

const KEY_BYTES = 32
const reservation = object({ ticket: text, part_bytes: number })
type Reservation = Shaped<typeof reservation>

export interface UploadingFrom {
  readonly api: Pick<Api, "call">
  readonly put: Put
  readonly subtle: SubtleCrypto
  readonly random: (bytes: number) => Uint8Array
  /** The address of the room's API. */
  readonly base: string
  readonly patience: () => Patience
  readonly signal: AbortSignal
}

export function createUploading({ api, put, subtle, random, base, patience, signal }: UploadingFrom) {
  const reserve = async (channel: string, info: FileInfo): Promise<Reservation> => {
    const wanted = { id: info.id, channel, size: sealedBytes(info.size), thumb: 0 }
    const wait = patience()
    for (;;) {
      const answer = await api.call("POST", "/files", (value) => reservation(value, "reservation"), wanted)
      if (answer.ok) return answer.value
      await wait(codeFor(answer), answer.problem.retry_after)
    }
  }

  const sendPart = async (
    url: string,
    ticketOf: (fresh: boolean) => Promise<string>,
    sealed: Uint8Array<ArrayBuffer>,
  ) => {
    const wait = patience()
    for (let isFresh = false; ; ) {
      const stored = await put(url, await ticketOf(isFresh), sealed, () => undefined, signal)
      signal.throwIfAborted()
      if (stored.status >= 200 && stored.status < 300) return
      if (stored.status === 403 && !isFresh) {
        isFresh = true
        continue
      }
      isFresh = false
      await wait(codeOf(stored), stored.retry_after)
    }
  }

  const giveUp = async (id: string) => void (await api.call("DELETE", `/files/${id}`, parseNothing))

  return {
    /** @throws NotTaken if the bytes are not as many as was said; Stopped if the room takes no files any more. */
    upload: async (channel: string, file: Sending, bytes: ReadableStream<Uint8Array>): Promise<FileInfo> => {
      const info = { ...file, id: toBase64url(random(FILE_ID_BYTES)), key: toBase64url(random(KEY_BYTES)) }
      const reader = createReader(bytes)
      try {
        let reserved = await reserve(channel, info)
        const cipher = await cipherOf(info, subtle)
        const parts = partsOf(info.size, reserved.part_bytes)
        const end = parts.at(-1)?.end ?? 0
        const ticketOf = async (isFresh: boolean) => {
          if (isFresh) reserved = await reserve(channel, info)
          return reserved.ticket
        }
        for (const part of parts) {
          const plain = await reader.take(plainBytes(part))
          if (plain === null) throw new NotTaken("file_damaged")
          const sealed = await cipher.seal(pieceAt(part, plain), part, end)
          await sendPart(`${base}/files/${info.id}/parts/${part.name}`, ticketOf, sealed)
        }
        if (!(await reader.isOver())) throw new NotTaken("file_damaged")
        return info
      } catch (error) {
        await giveUp(info.id)
        throw error
      } finally {
        await reader.cancel()
      }
    },
    giveUp: async (ids: readonly string[]) => void (await Promise.all(ids.map(giveUp))),
  }
}

/** A full room says how full it is; otherwise it is this member who uploads too much at once, until tomorrow. */
function codeFor({ problem }: Extract<Answer<unknown>, { ok: false }>): string {
  return problem.code === "limit_reached" ? "files_full" : problem.code
}

const codeOf = ({ status, code }: Stored) => (status === 0 ? "unreachable" : code)

const plainBytes = ({ bytes }: Part) =>
  bytes - Math.ceil(bytes / SEALED_CHUNK_BYTES) * (SEALED_CHUNK_BYTES - CHUNK_BYTES)

/** A part that is cut as if the whole file were there. */
function pieceAt({ first }: Part, plain: Uint8Array<ArrayBuffer>): Pick<Blob, "slice"> {
  const start = first * CHUNK_BYTES
  const blob = new Blob([plain])
  return { slice: (from = 0, to = Number.MAX_SAFE_INTEGER) => blob.slice(from - start, to - start) }
}

/** Takes exactly so many bytes from a stream. A stream that breaks is one that ends too soon. */
function createReader(bytes: ReadableStream<Uint8Array>) {
  const reader = bytes.getReader()
  let rest: Uint8Array = new Uint8Array()
  let isBroken = false
  const more = async (): Promise<boolean> => {
    for (;;) {
      const next = await reader.read().catch(() => null)
      isBroken ||= next === null
      if (next?.value === undefined) return false
      if (next.value.length === 0) continue
      rest = next.value
      return true
    }
  }
  return {
    /** Null: there are not so many. */
    take: async (count: number): Promise<Uint8Array<ArrayBuffer> | null> => {
      const taken = new Uint8Array(count)
      for (let at = 0; at < count; ) {
        if (rest.length === 0 && !(await more())) return null
        const some = rest.subarray(0, count - at)
        taken.set(some, at)
        at += some.length
        rest = rest.subarray(some.length)
      }
      return taken
    },
    isOver: async () => rest.length === 0 && !(await more()) && !isBroken,
    cancel: () => reader.cancel().catch(() => undefined),
  }
}
