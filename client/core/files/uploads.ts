/**
 * Brings the files of messages to the server, part by part, up to three at a time.
 *
 * A part that is there is noted with its message in the vault, and never sent again. Whatever may pass by itself is waited
 * for and tried again: no network, a server that is busy, a ticket that is over. What will not pass marks the message as
 * failed, and its parts stay for another try.
 */
import { parseNothing } from "../api.ts"
import type { Hub } from "../hub.ts"
import type { Outgoing } from "../ports.ts"
import { number, object, type Shaped, text } from "../shape.ts"
import { createWatched } from "../watched.ts"
import { partsOf, SEALED_CHUNK_BYTES, sealedBytes, THUMBNAIL } from "./layout.ts"
import type { FilePorts, Stored } from "./ports.ts"
import { type Cipher, cipherOf } from "./sealing.ts"
import { createSlots } from "./slots.ts"
import type { OutgoingFile, Transfer } from "./types.ts"

const FIRST_WAIT_SECONDS = 1
const LONGEST_WAIT_SECONDS = 30
/** They pass by themselves. */
const PASSING = ["unreachable", "internal", "rate_limited", "too_many_attempts"]

const reservation = object({ ticket: text, part_bytes: number, parts: number, expires_at: number })
type Reservation = Shaped<typeof reservation>

/** The server will not have it. */
class Declined extends Error {
  readonly code: string

  constructor(code: string) {
    super(code)
    this.code = code
  }
}

interface Job {
  readonly abort: AbortController
  /** What ends its waits. */
  readonly waits: Set<() => void>
}

interface Piece {
  readonly name: string
  readonly bytes: number
  seal(cipher: Cipher): Promise<Uint8Array<ArrayBuffer>>
}

export function createUploads(hub: Hub, { vault, put }: FilePorts) {
  const { clock, origin, subtle } = hub.ports
  const store = createWatched<Readonly<Record<string, Transfer>>>({}, clock)
  const jobs = new Map<string, Job>()
  const slots = createSlots(clock)

  const note = (id: string, change: Partial<Transfer>) =>
    store.update((all) => ({ ...all, [id]: { sent: 0, total: 1, problem: null, ...all[id], ...change } }))

  const current = (message: string) => hub.store.get().outgoing.find(({ id }) => id === message)

  const noteDone = (message: string, id: string, name: string) => {
    const files = current(message)?.files?.map((file) =>
      file.id === id ? { ...file, done: [...file.done, name] } : file,
    )
    if (files !== undefined) hub.outbox.amend(message, { files })
  }

  /** Waits for what may pass: longer each time, until the line is back. */
  const patience = (job: Job) => {
    let seconds = FIRST_WAIT_SECONDS
    return async (retryAfter: number | null) => {
      const wait = Math.max(retryAfter ?? 0, seconds)
      seconds = Math.min(2 * seconds, LONGEST_WAIT_SECONDS)
      await new Promise<void>((resolve) => {
        const end = () => {
          stop()
          job.waits.delete(end)
          resolve()
        }
        const stop = clock.after(wait * 1000, end)
        job.waits.add(end)
      })
      job.abort.signal.throwIfAborted()
    }
  }

  const reserve = async (job: Job, { channel }: Outgoing, { id, size, thumb }: OutgoingFile): Promise<Reservation> => {
    const wanted = { id, channel, size: sealedBytes(size), thumb: thumb === undefined ? 0 : sealedBytes(thumb.size) }
    const wait = patience(job)
    for (;;) {
      job.abort.signal.throwIfAborted()
      const answer = await hub.api.call("POST", "/files", (value) => reservation(value, "reservation"), wanted)
      if (answer.ok) return answer.value
      const { code, retry_after } = answer.problem
      if (code === "unauthenticated") leaveTo(job)
      if (!PASSING.includes(code)) throw new Declined(code)
      await wait(retry_after)
    }
  }

  /** The session has ended: the page is about to say so, and who comes back goes on from here. */
  const leaveTo = (job: Job) => {
    job.abort.abort()
    hub.checkSession()
    job.abort.signal.throwIfAborted()
  }

  const send = async (job: Job, message: Outgoing, file: OutgoingFile) => {
    const { id, thumb } = file
    const whole = await vault.piece(id, "whole")
    if (whole === null || whole.size !== file.size) throw new Declined("unreadable")
    let reserved = await reserve(job, message, file)
    let renewing: Promise<Reservation> | null = null
    const pieces = piecesOf(file, reserved.part_bytes, whole, await vault.piece(id, "thumb"))
    const cipher = await cipherOf(file, subtle)
    const going = new Map(pieces.filter(({ name }) => file.done.includes(name)).map(({ name, bytes }) => [name, bytes]))
    const total = sealedBytes(file.size) + (thumb === undefined ? 0 : sealedBytes(thumb.size))
    const progress = (name: string, bytes: number) => {
      going.set(name, bytes)
      note(id, { total, sent: [...going.values()].reduce((sum, each) => sum + each, 0) })
    }
    note(id, { total, problem: null })

    /** One for all pieces that were refused with the same ticket. */
    const renew = async (used: Reservation) => {
      if (reserved !== used) return
      renewing ??= reserve(job, message, file)
      reserved = await renewing
      renewing = null
    }

    const sendPiece = async ({ name, bytes, seal }: Piece) => {
      const wait = patience(job)
      const url = `${origin}/api/rooms/${hub.room}/files/${id}/parts/${name}`
      for (;;) {
        const stored = await slots(async () => {
          job.abort.signal.throwIfAborted()
          const sealed = await seal(cipher)
          const sendWith = ({ ticket }: Reservation) =>
            put(url, ticket, sealed, (sent) => progress(name, sent), job.abort.signal)
          const used = reserved
          const first = await sendWith(used)
          if (first.status !== 403) return first
          await renew(used)
          return sendWith(reserved)
        })
        job.abort.signal.throwIfAborted()
        if (stored.status >= 200 && stored.status < 300) break
        progress(name, 0)
        if (stored.status === 401) leaveTo(job)
        if (!isPassing(stored)) throw new Declined(stored.code)
        await wait(stored.retry_after)
      }
      progress(name, bytes)
      noteDone(message.id, id, name)
    }
    await Promise.all(pieces.filter(({ name }) => !file.done.includes(name)).map(sendPiece))
  }

  const run = async (message: Outgoing, job: Job) => {
    const files = message.files ?? []
    try {
      await Promise.all(files.map((file) => send(job, message, file)))
      jobs.delete(message.id)
      hub.outbox.amend(message.id, { uploaded: true })
    } catch (error) {
      // What else is under way for this message would be for nothing.
      const isStopped = job.abort.signal.aborted
      job.abort.abort()
      jobs.delete(message.id)
      if (isStopped) return
      const failed = error instanceof Declined ? error.code : "internal"
      for (const { id } of files) note(id, { problem: failed })
      hub.outbox.amend(message.id, { failed })
    }
  }

  const stop = (message: string) => {
    const job = jobs.get(message)
    job?.abort.abort()
    for (const end of [...(job?.waits ?? [])]) end()
    jobs.delete(message)
  }

  return {
    store,
    upload: (message: Outgoing) => {
      const running = jobs.get(message.id)
      if (running !== undefined) {
        for (const end of [...running.waits]) end()
        return
      }
      const job: Job = { abort: new AbortController(), waits: new Set() }
      jobs.set(message.id, job)
      void run(message, job)
    },
    /** Forgets how far the files of a message were; those of one that was not sent are given up on the server, too. */
    finish: ({ id: message, files = [] }: Outgoing, isSent: boolean) => {
      stop(message)
      const ids = files.map(({ id }) => id)
      store.update((all) => Object.fromEntries(Object.entries(all).filter(([id]) => !ids.includes(id))))
      if (!isSent) for (const id of ids) void hub.api.call("DELETE", `/files/${id}`, parseNothing)
    },
    cancel: (message: string) => {
      stop(message)
      hub.outbox.discard(message)
    },
    retry: (message: string) => hub.outbox.retry(message),
    stop: () => {
      for (const message of [...jobs.keys()]) stop(message)
    },
  }
}

function piecesOf(file: OutgoingFile, partBytes: number, whole: Blob, thumb: Blob | null): readonly Piece[] {
  if (partBytes % SEALED_CHUNK_BYTES > 0 || partBytes <= 0) throw new Declined("internal")
  const parts = partsOf(file.size, partBytes)
  const end = parts.at(-1)?.end ?? 0
  const pieces: readonly Piece[] = parts.map((part) => ({ ...part, seal: (cipher) => cipher.seal(whole, part, end) }))
  if (file.thumb === undefined) return pieces
  if (thumb === null || thumb.size !== file.thumb.size) throw new Declined("unreadable")
  const small = {
    name: THUMBNAIL,
    bytes: sealedBytes(thumb.size),
    seal: (cipher: Cipher) => cipher.sealThumbnail(thumb),
  }
  return [small, ...pieces]
}

function isPassing({ status, code }: Stored): boolean {
  return status === 0 || status === 429 || status >= 500 || PASSING.includes(code)
}
