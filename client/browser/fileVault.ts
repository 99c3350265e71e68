/**
 * The vault of files (core/files/ports.ts) in a database of its own, beside that of vault.ts: copying large files there must
 * not keep messages waiting. Where there is none, or where it takes no files (private windows), in memory.
 */
import { memoryFileVault } from "../core/files/memoryVault.ts"
import { type FileVault, type KeptFile, PIECES, type Pieces } from "../core/files/ports.ts"
import { inTime } from "../core/inTime.ts"
import { openDatabase, perform, type Work } from "./indexedDb.ts"
import { fileVaultName } from "./vault.ts"

const VERSION = 1
const STORES = ["files", "pieces"] as const
const ANSWER_MS = 4_000

export function openFileVault(room: string, member: string): FileVault {
  const memory = memoryFileVault()
  let opening: Promise<IDBDatabase> | null = null
  let hasFailed = false

  const database = async () => {
    opening ??= inTime(
      openDatabase(fileVaultName(room, member), VERSION, STORES, () => {
        opening = null
      }),
      ANSWER_MS,
    )
    try {
      return await opening
    } catch (error) {
      hasFailed = true
      console.warn("IndexedDB is not available for files", error instanceof Error ? error.name : "")
      return null
    }
  }

  const attempt = async <T>(mode: IDBTransactionMode, work: Work<T>, otherwise: () => Promise<T>): Promise<T> => {
    const opened = hasFailed ? null : await database()
    return opened === null ? otherwise() : perform(opened, STORES, mode, work)
  }

  const keep = async (file: KeptFile, given: Pieces = {}) => {
    const write: Work<void> = (files, pieces) => {
      files.put(file)
      for (const name of PIECES) {
        const piece = given[name]
        if (piece) pieces.put(piece, `${file.id}/${name}`)
        else if (piece === null) pieces.delete(`${file.id}/${name}`)
      }
      return { result: undefined }
    }
    try {
      await attempt("readwrite", write, () => memory.keep(file, given))
    } catch (error) {
      if (!isRefusal(error)) throw error
      hasFailed = true
      await memory.keep(file, given)
    }
  }

  return {
    keep,
    all: async () => {
      // This store holds only what `keep` put there, of this version.
      const kept = await attempt<KeptFile[]>(
        "readonly",
        (files) => files.getAll(),
        async () => [],
      )
      return [...kept, ...(await memory.all())]
    },
    piece: async (id, piece) => {
      const kept = await attempt<Blob | undefined>(
        "readonly",
        (_, pieces) => pieces.get(`${id}/${piece}`),
        async () => undefined,
      )
      return kept ?? memory.piece(id, piece)
    },
    change: async (id, change) =>
      (await memory.change(id, change)) ??
      attempt<KeptFile | null>(
        "readwrite",
        (files) => changeIn(files, id, change),
        async () => null,
      ),
    drop: async (ids) => {
      await memory.drop(ids)
      const remove: Work<void> = (files, pieces) => {
        for (const id of ids) {
          files.delete(id)
          for (const name of PIECES) pieces.delete(`${id}/${name}`)
        }
        return { result: undefined }
      }
      await attempt("readwrite", remove, async () => undefined)
    },
    isLasting: () => !hasFailed,
  }
}

/** This browser stores no files; no room for one, or one that cannot be read, is something else. */
function isRefusal(error: unknown): boolean {
  return error instanceof DOMException && ["DataCloneError", "UnknownError", "InvalidStateError"].includes(error.name)
}

function changeIn(files: IDBObjectStore, id: string, change: (file: KeptFile) => KeptFile | null) {
  const done: { result: KeptFile | null } = { result: null }
  const found: IDBRequest<KeptFile | undefined> = files.get(id)
  found.onsuccess = () => {
    done.result = found.result === undefined ? null : change(found.result)
    if (done.result !== null) files.put(done.result)
  }
  return done
}
