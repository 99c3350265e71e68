/**
 * The vault of core/ports.ts in IndexedDB; where there is none (private windows), or none that answers, in memory.
 *
 * Browsers leave a page without any answer at times: after a crash of their storage, or while another page of an older
 * version holds the database. The chat goes on without it then.
 */
import { inTime } from "../core/inTime.ts"
import type { Outgoing, Vault } from "../core/ports.ts"
import { openDatabase, perform, type Work } from "./indexedDb.ts"

const VERSION = 1
const STORES = ["outgoing", "snapshot"] as const
const SNAPSHOT = "latest"
/** A member waits for this once, at the start. */
const ANSWER_MS = 4_000

/** The database of files (fileVault.ts). */
export const fileVaultName = (room: string, member: string) => `durable-chat-files:${room}:${member}`

export function openVault(room: string, member: string): Vault {
  let opening: Promise<IDBDatabase> | null = null
  const fallback = new Map<string, Outgoing>()
  let failed = false

  /** Storage that fails must not stop the chat: it then lasts as long as the page. */
  const attempt = async <T>(mode: IDBTransactionMode, work: Work<T>, otherwise: () => T): Promise<T> => {
    if (failed) return otherwise()
    try {
      opening ??= openDatabase(`durable-chat:${room}:${member}`, VERSION, STORES, () => {
        opening = null
      })
      const database = await inTime(opening, ANSWER_MS)
      return await inTime(perform(database, STORES, mode, work), ANSWER_MS)
    } catch (error) {
      failed = true
      console.warn("IndexedDB is not available", error instanceof Error ? error.name : "")
      return otherwise()
    }
  }
  const read = <T>(work: Work<T>, otherwise: () => T) => attempt("readonly", work, otherwise)
  const write = (work: (...stores: Parameters<Work<void>>) => unknown, otherwise: () => unknown) =>
    attempt(
      "readwrite",
      (...stores) => ({ result: void work(...stores) }),
      () => void otherwise(),
    )

  return {
    // This store holds only what keepOutgoing put there, of this version.
    outgoing: () =>
      read<Outgoing[]>(
        (outgoing) => outgoing.getAll(),
        () => [...fallback.values()],
      ),
    keepOutgoing: (message) =>
      write(
        (outgoing) => outgoing.put(message),
        () => fallback.set(message.id, message),
      ),
    dropOutgoing: (id) =>
      write(
        (outgoing) => outgoing.delete(id),
        () => fallback.delete(id),
      ),
    adoptOutgoing: (id, from, to) =>
      attempt(
        "readwrite",
        (outgoing) => adopt(outgoing, id, from, to),
        () => false,
      ),
    snapshot: () =>
      read<unknown>(
        (_, snapshot) => snapshot.get(SNAPSHOT),
        () => null,
      ),
    keepSnapshot: (value) =>
      write(
        (_, snapshot) => snapshot.put(value, SNAPSHOT),
        () => undefined,
      ),
    clear: async () => {
      await write(
        (...stores) => stores.map((store) => store.clear()),
        () => fallback.clear(),
      )
      if (!failed) indexedDB.deleteDatabase(fileVaultName(room, member))
    },
  }
}

function adopt(outgoing: IDBObjectStore, id: string, from: string, to: string) {
  const adoption = { result: false }
  const found: IDBRequest<Outgoing | undefined> = outgoing.get(id)
  found.onsuccess = () => {
    const message = found.result
    adoption.result = message?.owner === from
    if (adoption.result) outgoing.put({ ...message, owner: to })
  }
  return adoption
}
