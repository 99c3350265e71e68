/** A file on the disk that is read in pieces, wherever they are. */
import { open } from "node:fs/promises"
import type { RandomAccess } from "../core/importing/source.ts"
import { Trouble } from "./trouble.ts"

export interface OpenFile extends RandomAccess {
  close(): Promise<void>
}

/** @throws Trouble if there is no such file, or it cannot be read. */
export async function openFile(path: string): Promise<OpenFile> {
  const handle = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    throw new Trouble(`${path} cannot be read (${error.code ?? "unknown"}).`)
  })
  const facts = await handle.stat()
  if (!facts.isFile()) {
    await handle.close()
    throw new Trouble(`${path} is no file.`)
  }
  return {
    size: facts.size,
    read: async (at, length) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, facts.size - at)))
      let come = 0
      while (come < bytes.length) {
        const { bytesRead } = await handle.read(bytes, come, bytes.length - come, at + come)
        if (bytesRead === 0) break
        come += bytesRead
      }
      return bytes.subarray(0, come)
    },
    close: () => handle.close(),
  }
}
