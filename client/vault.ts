/** The vault of core/ports.ts in IndexedDB; where there is none (private windows), in memory. */
import { type IDBPDatabase, openDB } from "idb"
import type { Outgoing, Vault } from "./core/ports.ts"

const VERSION = 1
const SNAPSHOT = "latest"

export function openVault(room: string, member: string): Vault {
  const name = `durable-chat:${room}:${member}`
  let opening: Promise<IDBPDatabase> | null = null
  const database = () => {
    opening ??= openDB(name, VERSION, {
      upgrade: (fresh) => {
        fresh.createObjectStore("outgoing", { keyPath: "id" })
        fresh.createObjectStore("snapshot")
      },
    })
    return opening
  }
  const fallback = new Map<string, Outgoing>()
  let failed = false

  /** Storage that fails must not stop the chat: it then lasts as long as the page. */
  const attempt = async <T>(use: (db: IDBPDatabase) => Promise<T>, otherwise: () => T): Promise<T> => {
    if (failed) return otherwise()
    try {
      return await use(await database())
    } catch (error) {
      failed = true
      console.warn("IndexedDB is not available", error instanceof Error ? error.name : "")
      return otherwise()
    }
  }

  return {
    outgoing: () =>
      // as: this store holds only what keepOutgoing put there, of this version.
      attempt(
        async (db) => (await db.getAll("outgoing")) as Outgoing[],
        () => [...fallback.values()],
      ),
    keepOutgoing: (message) =>
      attempt(
        async (db) => void (await db.put("outgoing", message)),
        () => void fallback.set(message.id, message),
      ),
    dropOutgoing: (id) =>
      attempt(
        (db) => db.delete("outgoing", id),
        () => void fallback.delete(id),
      ),
    adoptOutgoing: (id, from, to) =>
      attempt(
        async (db) => {
          const transaction = db.transaction("outgoing", "readwrite")
          // as: see above; it may be gone by now.
          const message = (await transaction.store.get(id)) as Outgoing | undefined
          if (message?.owner !== from) return false
          await transaction.store.put({ ...message, owner: to })
          await transaction.done
          return true
        },
        () => false,
      ),
    snapshot: () =>
      attempt(
        (db) => db.get("snapshot", SNAPSHOT),
        () => null,
      ),
    keepSnapshot: (value) =>
      attempt(
        async (db) => void (await db.put("snapshot", value, SNAPSHOT)),
        () => undefined,
      ),
    clear: () =>
      attempt(
        async (db) => {
          await Promise.all([db.clear("outgoing"), db.clear("snapshot")])
        },
        () => fallback.clear(),
      ),
  }
}
