/** A room for tests of files: a server that keeps parts in memory, and whatever of it fails. */
import { createApi } from "../api.ts"
import { ANNA, fakeClock, fakePorts, fakeTabs, memoryShelf, memoryVault, problem } from "../fakes.ts"
import { createHub } from "../hub.ts"
import type { Outgoing, Shelf, Vault } from "../ports.ts"
import { createFilesEngine } from "./files.ts"
import { partsOf, SEALED_CHUNK_BYTES, sealedBytes } from "./layout.ts"
import { memoryFileVault } from "./memoryVault.ts"
import type { FilePorts, FileVault, Prepare, Stored } from "./ports.ts"
import { cipherOf } from "./sealing.ts"
import type { FileInfo, FilesEngine, OutgoingFile } from "./types.ts"

export const PART_BYTES = 2 * SEALED_CHUNK_BYTES

export interface FakeServer {
  /** What it keeps, by `{file}/{part}`. */
  readonly parts: Map<string, Uint8Array<ArrayBuffer>>
  /** Every part that was sent to it, whatever it answered. */
  readonly sent: string[]
  /** The requests of its HTTP routes, as `METHOD path`. */
  readonly asked: string[]
  /** How it answers the next requests for a reservation and the next parts; then all is well. */
  readonly reservations: Response[]
  readonly answers: (Stored | ((name: string) => Stored | null))[]
  /** Parts that are sent stay on their way until this is called. */
  hold(): () => void
  readonly fetch: typeof globalThis.fetch
  readonly put: FilePorts["put"]
  atOnce: number
}

const WELL: Stored = { status: 204, code: "", retry_after: null }

export function fakeServer(): FakeServer {
  const parts = new Map<string, Uint8Array<ArrayBuffer>>()
  let tickets = 0
  let running = 0
  let held: Promise<void> = Promise.resolve()
  const server: FakeServer = {
    parts,
    sent: [],
    asked: [],
    reservations: [],
    answers: [],
    atOnce: 0,
    hold: () => {
      let release: () => void = () => undefined
      held = new Promise((resolve) => {
        release = resolve
      })
      return release
    },
    fetch: async (input, init) => {
      const { pathname } = new URL(String(input))
      server.asked.push(`${init?.method} ${pathname.replace("/api/rooms/main", "")}`)
      if (init?.method === "POST") {
        const failed = server.reservations.shift()
        if (failed !== undefined) return failed
        const told = { ticket: `ticket ${++tickets}`, part_bytes: PART_BYTES, parts: 1, expires_at: 0 }
        return Response.json(told, { status: 201 })
      }
      if (init?.method === "DELETE") return new Response(null, { status: 204 })
      const part = parts.get(pathname.replace(/.*files\/(.*)\/parts/, "$1"))
      return part === undefined ? problem(404, { code: "not_found" }) : new Response(part)
    },
    put: async (url, ticket, sealed, onProgress, signal) => {
      const name = url.replace(/.*files\/(.*)\/parts/, "$1")
      server.atOnce = Math.max(server.atOnce, ++running)
      server.sent.push(`${name} with ${ticket}`)
      onProgress(Math.floor(sealed.length / 2))
      await Promise.race([held, new Promise((resolve) => signal.addEventListener("abort", resolve))])
      running--
      if (signal.aborted) return { ...WELL, status: 0 }
      const next = server.answers[0]
      const answer = typeof next === "function" ? next(name) : next
      if (answer !== undefined && answer !== null) {
        server.answers.shift()
        return answer
      }
      parts.set(name, sealed)
      return WELL
    },
  }
  return server
}

/** Everything is what it was picked as; pictures have a thumbnail of three bytes. */
export const preparesAll: Prepare = async (source, { name, type, isOriginal }) => {
  const thumb = type.startsWith("image/") ? new Blob(["abc"], { type: "image/webp" }) : null
  const told = thumb === null ? undefined : { type: "image/webp", size: 3, width: 2, height: 1 }
  const common = {
    name,
    type,
    isOriginal,
    canBeOriginal: thumb !== null,
    mayHoldPersonalData: type === "application/pdf",
  }
  const whole = new Blob([await source.arrayBuffer()], { type })
  return { prepared: { ...common, size: whole.size, ...(told === undefined ? {} : { thumb: told }) }, whole, thumb }
}

interface Tab {
  readonly own?: string
  readonly open?: readonly string[]
  readonly vault?: Vault
  readonly fileVault?: FileVault
  readonly shelf?: Shelf
  readonly prepare?: Prepare
}

let randoms = 0

/** A page with a hub whose line is never dialled; `outbox.resume()` is what a line does. */
export function fakePage(server: FakeServer, tab: Tab = {}) {
  const { own = "tab-1", open = [own], vault = memoryVault(), fileVault = memoryFileVault() } = tab
  const clock = fakeClock()
  const ports = fakePorts({
    clock,
    fetch: server.fetch,
    tabs: fakeTabs(own, open),
    openVault: () => vault,
    shelf: tab.shelf ?? memoryShelf(),
    uuid: () => `${own}-${++randoms}`,
  })
  let engine: FilesEngine | null = null
  const filePorts: FilePorts = {
    vault: fileVault,
    prepare: tab.prepare ?? preparesAll,
    put: server.put,
    random: (bytes) => new Uint8Array(bytes).fill(++randoms),
  }
  let checks = 0
  const hub = createHub({
    room: "main",
    session: { member: { id: ANNA.id, name: ANNA.name, role: ANNA.role }, expires_at: 0 },
    ports,
    api: createApi("main", ports.origin, server.fetch),
    onEnded: () => undefined,
    sessionStands: async () => {
      checks++
      return true
    },
    loadFiles: async () => ({
      createFiles: (made) => {
        engine = createFilesEngine(made, filePorts)
        return engine
      },
    }),
  })
  const say = (message: Pick<Outgoing, "id" | "channel"> & Partial<Outgoing>) =>
    hub.outbox.add({ body: "", created_at: clock.now(), owner: own, failed: null, ...message })
  return {
    hub,
    clock,
    vault,
    fileVault,
    say,
    /** The engine is there from the start. */
    files: () => hub.files(),
    outgoing: () => hub.store.get().outgoing,
    checks: () => checks,
    ask: hub.requests,
  }
}

/** A page on which files were picked and taken, each with as many bytes as it says. */
export async function takenFiles(
  page: ReturnType<typeof fakePage>,
  sizes: Readonly<Record<string, number>>,
): Promise<readonly OutgoingFile[]> {
  const { attachments } = await page.files()
  const type = (name: string) => (name.endsWith(".png") ? "image/png" : "text/plain")
  attachments.pick(
    "general",
    Object.entries(sizes).map(([name, size]) => new File([new Uint8Array(size).fill(7)], name, { type: type(name) })),
  )
  return attachments.take("general")
}

/** What of a file the server would have to have, opened. */
export async function openedAt(server: FakeServer, file: FileInfo): Promise<Blob> {
  const cipher = await cipherOf(file, crypto.subtle)
  const parts = partsOf(file.size, PART_BYTES)
  const end = Math.ceil(sealedBytes(file.size) / SEALED_CHUNK_BYTES)
  const opened = await Promise.all(
    parts.map(({ name, first }) =>
      cipher.open(server.parts.get(`${file.id}/${name}`) ?? new Uint8Array(0), first, end),
    ),
  )
  return new Blob(opened.flat())
}
