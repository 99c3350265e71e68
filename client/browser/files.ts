/** The engine of pictures and files (core/files) in a real browser: it comes with the first use of it. */
import { createFilesEngine } from "../core/files/files.ts"
import type { Prepare } from "../core/files/ports.ts"
import type { FilesModule } from "../core/files/types.ts"
import { openFileVault } from "./fileVault.ts"
import { putPart } from "./uploading.ts"

/** What is not downloaded is tried again after this. */
const AGAIN_MS = 3_000

/** @param load downloads pictures.ts, which only those need who send something. */
export function createFilesWith(load: () => Promise<{ readonly preparePicked: Prepare }>): FilesModule["createFiles"] {
  return (hub) =>
    createFilesEngine(hub, {
      vault: openFileVault(hub.room, hub.store.get().room.me.id),
      prepare: async (...picked) => (await patiently(load)).preparePicked(...picked),
      put: putPart,
      random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    })
}

async function patiently<T>(load: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await load()
    } catch {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    }
  }
}
