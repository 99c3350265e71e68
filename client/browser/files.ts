/** The engine of pictures and files (core/files) in a real browser: it comes with the first use of it. */
import { createFilesEngine } from "../core/files/files.ts"
import type { FilesModule } from "../core/files/types.ts"
import { openFileVault } from "./fileVault.ts"
import { putPart } from "./uploading.ts"

/** What is not downloaded is tried again after this. */
const AGAIN_MS = 3_000

export const createFiles: FilesModule["createFiles"] = (hub) =>
  createFilesEngine(hub, {
    vault: openFileVault(hub.room, hub.store.get().room.me.id),
    prepare: async (...picked) => (await preparing()).preparePicked(...picked),
    put: putPart,
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
  })

/** Only those who send something need it. */
async function preparing() {
  for (;;) {
    try {
      return await import("./pictures.ts")
    } catch {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    }
  }
}
