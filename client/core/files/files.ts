/** The engine of pictures and files put together: what a chat has one of, once somebody uses it. */
import type { Hub } from "../hub.ts"
import { createAttachments } from "./attachments.ts"
import { createDownloads } from "./downloads.ts"
import type { FilePorts } from "./ports.ts"
import { rescueFromDeleted } from "./rescue.ts"
import type { FilesEngine } from "./types.ts"
import { createUploads } from "./uploads.ts"

export function createFilesEngine(hub: Hub, ports: FilePorts): FilesEngine {
  const attachments = createAttachments(hub, ports)
  const uploads = createUploads(hub, ports)
  const downloads = createDownloads(hub, ports)
  void attachments.restore()
  const stopRescuing = rescueFromDeleted(hub, ports, attachments)
  return {
    attachments,
    transfers: uploads,
    downloads,
    mayLose: () =>
      attachments.mayLose() ||
      (!ports.vault.isLasting() && hub.store.get().outgoing.some(({ files }) => files !== undefined)),
    upload: uploads.upload,
    finish: (message, isSent) => {
      uploads.finish(message, isSent)
      const { files = [] } = message
      const kept = isSent ? downloads.remember(files).catch(() => undefined) : Promise.resolve()
      void kept.then(() => ports.vault.drop(files.map(({ id }) => id)))
    },
    forget: attachments.forget,
    stop: () => {
      stopRescuing()
      attachments.stop()
      uploads.stop()
    },
  }
}
