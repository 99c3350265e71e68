/**
 * Fetches the parts of sealed files and opens them, one after the other: so that whoever wants a file piece by piece never
 * holds all of it.
 */
import type { Hub } from "../hub.ts"
import { SEALED_CHUNK_BYTES, sealedBytes, THUMBNAIL } from "./layout.ts"
import { cipherOf } from "./sealing.ts"
import { createTickets } from "./tickets.ts"
import { type FileInfo, NotFetched } from "./types.ts"

/** How many parts are on their way at the same time: waiting for one answer after the other would take longest. */
const AT_ONCE = 3

export interface Fetching {
  /**
   * The chunks of a file, in order, as many at once as came together.
   *
   * @throws NotFetched, or what `signal` was aborted with.
   */
  chunks(file: FileInfo, signal?: AbortSignal): AsyncGenerator<readonly ArrayBuffer[], void>
  thumbnail(file: FileInfo): Promise<ArrayBuffer>
}

/** Somebody waits for it later; what comes before it may fail first. */
function ahead<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined)
  return work
}

async function opened<T>(opening: Promise<T>): Promise<T> {
  try {
    return await opening
  } catch {
    throw new NotFetched("damaged")
  }
}

/** What of the hub it needs: tools that have no page have this, too. */
export type FetchingFrom = Pick<Hub, "requests" | "room" | "ports">

export function createFetching({ ports, requests, room }: FetchingFrom): Fetching {
  const { clock, fetch, origin, subtle } = ports
  const tickets = createTickets(requests, clock)

  const part = async (file: FileInfo, name: string, signal?: AbortSignal) => {
    const ask = async () => {
      const headers = { "Download-Ticket": await tickets.get(file.id) }
      const url = `${origin}/api/rooms/${room}/files/${file.id}/parts/${name}`
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

  async function* chunks(file: FileInfo, signal?: AbortSignal) {
    const total = sealedBytes(file.size)
    const end = Math.ceil(total / SEALED_CHUNK_BYTES)
    const cipher = await opened(cipherOf(file, subtle))
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
      const plain = await opened(cipher.open(sealed, come / SEALED_CHUNK_BYTES, end))
      come += sealed.length
      yield plain
    }
  }

  return {
    chunks,
    thumbnail: async (file) => {
      const sealed = await part(file, THUMBNAIL)
      const cipher = await opened(cipherOf(file, subtle))
      return opened(cipher.openThumbnail(sealed))
    },
  }
}
