/** The file that --report names: a line for everything that is not taken. Only its owner reads it. */
import { open } from "node:fs/promises"
import { Trouble } from "./trouble.ts"

const MODE = 0o600

export interface ReportFile {
  write(text: string): void
  /** @throws Trouble if not all of it could be written. */
  close(): Promise<void>
}

/** @throws Trouble if it cannot be written. */
export async function openReport(file: string | null): Promise<ReportFile> {
  if (file === null) return { write: () => undefined, close: async () => undefined }
  const handle = await open(file, "w", MODE).catch((error: NodeJS.ErrnoException) => {
    throw troubleWith(file, error)
  })
  const stream = handle.createWriteStream()
  // A full disk is no reason to stop in the middle of an import: it is said at the end.
  let failure: NodeJS.ErrnoException | null = null
  stream.on("error", (error) => {
    failure = error
  })
  return {
    write: (text) => void (failure === null && stream.write(text)),
    close: async () => {
      await new Promise<void>((resolve) => stream.end(() => resolve()))
      if (failure !== null) throw troubleWith(file, failure)
    },
  }
}

const troubleWith = (file: string, { code }: NodeJS.ErrnoException) =>
  new Trouble(`${file} cannot be written (${code ?? "unknown"}).`)
