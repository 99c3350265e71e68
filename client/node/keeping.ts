/** Writes a stream into a file that is there whole or not at all: under another name until the end. */
import { open, rename, rm } from "node:fs/promises"
import { Trouble } from "./trouble.ts"

/** Nobody else on the machine reads what was said. */
const MODE = 0o600

/**
 * @returns how many bytes it has.
 * @throws Trouble if the file cannot be written; what the stream or the signal throw passes through. Nothing is left then.
 */
export async function keep(file: string, stream: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<number> {
  const part = `${file}.part`
  const handle = await open(part, "w", MODE).catch((error: unknown) => {
    throw new Trouble(`${part} cannot be written (${codeOf(error)}).`)
  })
  let isWhole = false
  let bytes = 0
  try {
    for await (const chunk of stream) {
      signal.throwIfAborted()
      await handle.write(chunk).catch((error: unknown) => {
        throw new Trouble(`${part} cannot be written (${codeOf(error)}).`)
      })
      bytes += chunk.length
    }
    await handle.sync()
    isWhole = true
  } finally {
    await handle.close()
    if (!isWhole) await rm(part, { force: true })
  }
  await rename(part, file)
  return bytes
}

// as: Node's errors have one.
const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? "unknown"
