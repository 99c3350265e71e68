/**
 * Saves a stream as a file that somebody chooses, or as a download; nowhere is all of it in memory at once.
 *
 * Where the browser has no dialog for that (Firefox, Safari), the stream goes into a file of the site's own first, which is
 * then downloaded; only where there is no such file either does it become a Blob, which browsers keep on the disk when large.
 */
import { clearExports, exportFolder } from "./exportFolder.ts"

/** A place that waits for the bytes. Nothing is left of one that is given up. */
export interface Saving {
  readonly writable: WritableStream<Uint8Array<ArrayBuffer>>
  /** All of it has been written. */
  done(): Promise<void>
  giveUp(): Promise<void>
}

interface Picker {
  showSaveFilePicker?(options: { suggestedName: string; startIn: "downloads" }): Promise<FileSystemFileHandle>
}
/** Chromium removes what somebody has chosen and nothing was written to. */
type Removable = FileSystemFileHandle & { remove?(): Promise<void> }

/** Longer than any browser takes to begin a download. */
const DOWNLOAD_MS = 600_000

/** Call it while a press of the member's counts. @returns null if they chose no place. */
export async function openSaving(name: string): Promise<Saving | null> {
  const picker = (window as Picker).showSaveFilePicker?.bind(window)
  if (picker === undefined) return (await openOwn(name)) ?? openBlob(name)
  try {
    const handle: Removable = await picker({ suggestedName: name, startIn: "downloads" })
    return {
      writable: await handle.createWritable(),
      done: async () => undefined,
      giveUp: async () => handle.remove?.().catch(() => undefined),
    }
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return null
    throw error
  }
}

async function openOwn(name: string): Promise<Saving | null> {
  try {
    // What an export of before has left; its download is long over.
    await clearExports()
    const handle = await (await exportFolder()).getFileHandle("export", { create: true })
    return {
      writable: await handle.createWritable(),
      done: async () => download(await handle.getFile(), name, clearExports),
      giveUp: clearExports,
    }
  } catch {
    return null
  }
}

function openBlob(name: string): Saving {
  const parts: Blob[] = []
  const writable = new WritableStream<Uint8Array<ArrayBuffer>>({
    write: (chunk) => {
      parts.push(new Blob([chunk]))
    },
  })
  return {
    writable,
    done: async () => download(new Blob(parts, { type: "application/octet-stream" }), name, () => undefined),
    giveUp: async () => undefined,
  }
}

function download(file: Blob, name: string, afterwards: () => unknown): void {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => {
    URL.revokeObjectURL(link.href)
    afterwards()
  }, DOWNLOAD_MS)
}
