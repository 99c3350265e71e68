/**
 * Fetches files of messages and opens them, part by part.
 *
 * What is in this browser is not fetched: files on their way, and small pictures for a while after they were sent or shown.
 */
import type { Hub } from "../hub.ts"
import { SEALED_CHUNK_BYTES, sealedBytes, THUMBNAIL } from "./layout.ts"
import type { FilePorts, Piece } from "./ports.ts"
import { type Cipher, cipherOf } from "./sealing.ts"
import { createTickets } from "./tickets.ts"
import { type Downloads, type FileInfo, NotFetched } from "./types.ts"

/** How many parts are on their way at the same time: waiting for one answer after the other would take longest. */
const AT_ONCE = 3
/** How many small pictures are kept open. */
const KEPT = 200
/** Larger ones are fetched again. */
const KEPT_BYTES = 300_000

export interface KeepingDownloads extends Downloads {
  /** Keeps what is about to leave the vault. */
  remember(files: readonly FileInfo[]): Promise<void>
}

/** Somebody waits for it later; what comes before it may fail first. */
function ahead<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined)
  return work
}

export function createDownloads(hub: Hub, { vault }: FilePorts): KeepingDownloads {
  const { clock, fetch, origin, subtle } = hub.ports
  const tickets = createTickets(hub.requests, clock)
  const kept = new Map<string, Promise<Blob>>()

  const keep = (key: string, blob: Promise<Blob>) => {
    kept.set(key, blob)
    blob.catch(() => kept.delete(key))
    const [oldest] = kept.keys()
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest)
    return blob
  }

  const part = async (file: FileInfo, name: string, signal?: AbortSignal) => {
    const ask = async () => {
      const headers = { "Download-Ticket": await tickets.get(file.id) }
      const url = `${origin}/api/rooms/${hub.room}/files/${file.id}/parts/${name}`
      signal?.throwIfAborted()
      return fetch(url, { credentials: "same-origin", headers, ...(signal === undefined ? {} : { signal }) })
    }
    try {
      let answer = await ask()
      if (answer.status === 403) {
        tickets.forget(file.id)
        answer = await ask()
      }
      if (answer.status === 403 || answer.status === 404) throw new NotFetched("gone")
      if (!answer.ok) throw new NotFetched("unreachable")
      return new Uint8Array(await answer.arrayBuffer())
    } catch (error) {
      signal?.throwIfAborted()
      throw error instanceof NotFetched ? error : new NotFetched("unreachable")
    }
  }

  const opened = async <T>(opening: Promise<T>): Promise<T> => {
    try {
      return await opening
    } catch {
      throw new NotFetched("damaged")
    }
  }

  const fetchWhole = async (file: FileInfo, onProgress: (bytes: number) => void, signal?: AbortSignal) => {
    const total = sealedBytes(file.size)
    const end = Math.ceil(total / SEALED_CHUNK_BYTES)
    const cipher: Cipher = await opened(cipherOf(file, subtle))
    const plain: ArrayBuffer[] = []
    const coming: Promise<Uint8Array<ArrayBuffer>>[] = []
    let count = 1
    let asked = 0
    let come = 0
    while (come < total) {
      for (; asked < count && coming.length < AT_ONCE; asked++) coming.push(ahead(part(file, String(asked), signal)))
      const sealed = await (coming.shift() ?? Promise.reject(new NotFetched("damaged")))
      // The first part is as long as every other but the last.
      if (come === 0) count = Math.ceil(total / sealed.length)
      const isLast = come + sealed.length === total
      if (sealed.length === 0 || come + sealed.length > total) throw new NotFetched("damaged")
      if (!isLast && sealed.length % SEALED_CHUNK_BYTES > 0) throw new NotFetched("damaged")
      plain.push(...(await opened(cipher.open(sealed, come / SEALED_CHUNK_BYTES, end))))
      come += sealed.length
      onProgress(Math.min(come, file.size))
    }
    return new Blob(plain, { type: file.type })
  }

  const fetchThumbnail = async (file: FileInfo, type: string) => {
    const sealed = await part(file, THUMBNAIL)
    const cipher = await opened(cipherOf(file, subtle))
    return new Blob([await opened(cipher.openThumbnail(sealed))], { type })
  }

  /** From the vault, or from the server. */
  const here = async ({ id }: FileInfo, piece: Piece, fetched: () => Promise<Blob>) =>
    (await vault.piece(id, piece).catch(() => null)) ?? fetched()

  const open: Downloads["open"] = (file, onProgress = () => undefined, signal) =>
    kept.get(file.id) ?? here(file, "whole", () => fetchWhole(file, onProgress, signal))

  const thumbnail: Downloads["thumbnail"] = (file) => {
    const { id, size, thumb } = file
    if (thumb === undefined) return kept.get(id) ?? (size > KEPT_BYTES ? open(file) : keep(id, open(file)))
    const key = `${id}/${THUMBNAIL}`
    return (
      kept.get(key) ??
      keep(
        key,
        here(file, "thumb", () => fetchThumbnail(file, thumb.type)),
      )
    )
  }

  return {
    open,
    thumbnail,
    remember: async (files) => {
      for (const file of files) {
        const piece = file.thumb === undefined ? "whole" : "thumb"
        const blob = await vault.piece(file.id, piece)
        if (blob === null || blob.size > KEPT_BYTES) continue
        // What the vault gave may go with it.
        const own = new Blob([await blob.arrayBuffer()], { type: blob.type })
        keep(piece === "thumb" ? `${file.id}/${THUMBNAIL}` : file.id, Promise.resolve(own))
      }
    },
  }
}
