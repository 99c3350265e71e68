/** The vault of core/ports.ts in IndexedDB; where there is none (private windows), in memory. */
import type { Outgoing, Vault } from "./core/ports.ts"

const VERSION = 1
const STORES = ["outgoing", "snapshot"] as const
const SNAPSHOT = "latest"

/** Work on the two stores; what is in `result` when all of it is stored is what it gives. */
type Work<T> = (outgoing: IDBObjectStore, snapshot: IDBObjectStore) => { readonly result: T }

export function openVault(room: string, member: string): Vault {
  let opening: Promise<IDBDatabase> | null = null
  const fallback = new Map<string, Outgoing>()
  let failed = false

  /** Storage that fails must not stop the chat: it then lasts as long as the page. */
  const attempt = async <T>(mode: IDBTransactionMode, work: Work<T>, otherwise: () => T): Promise<T> => {
    if (failed) return otherwise()
    try {
      opening ??= openDatabase(`durable-chat:${room}:${member}`)
      return await perform(await opening, mode, work)
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
    clear: () =>
      write(
        (...stores) => stores.map((store) => store.clear()),
        () => fallback.clear(),
      ),
  }
}

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, VERSION)
    request.onupgradeneeded = () => {
      request.result.createObjectStore(STORES[0], { keyPath: "id" })
      request.result.createObjectStore(STORES[1])
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

function perform<T>(database: IDBDatabase, mode: IDBTransactionMode, work: Work<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORES, mode)
    const done = work(transaction.objectStore(STORES[0]), transaction.objectStore(STORES[1]))
    transaction.oncomplete = () => resolve(done.result)
    transaction.onabort = () => reject(transaction.error)
  })
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
