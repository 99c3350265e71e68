/**
 * Parts into a zip, as a stream. Entries are stored as they are: so the bytes depend on no compressor, and pictures would not
 * shrink anyway. They all have one date, the first that a zip can have.
 */
import { makeZip } from "client-zip"
import type { Part } from "./writer.ts"

export function zipOf(parts: AsyncIterable<Part>): ReadableStream<Uint8Array> {
  return makeZip(entriesOf(parts))
}

async function* entriesOf(parts: AsyncIterable<Part>) {
  // In local time, as a zip has it: so it is written the same everywhere.
  const lastModified = new Date(1980, 0, 1)
  for await (const { name, chunks } of parts) yield { name, input: chunks, lastModified }
}

/** As `ReadableStream.from`, which not every browser has: nothing is made before somebody wants it. */
export function streamOf(chunks: AsyncGenerator<Uint8Array, void>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { done, value } = await chunks.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: async () => void (await chunks.return()),
    },
    { highWaterMark: 0 },
  )
}
