/**
 * Keeps texts for a while, packed: a hundred thousand messages take some megabytes. Browsers move what is large to the disk by
 * themselves. Nothing of it is written anywhere by us: an export may be sealed, and its texts would lie beside it.
 */

export interface Spool {
  /** @param texts pieces of at most some hundred kilobytes. */
  add(text: string): Promise<void>
  texts(): AsyncGenerator<string, void>
}

const PACKING = "deflate-raw"

export function createSpool(): Spool {
  const packed: Blob[] = []
  return {
    add: async (text) => {
      const stream = new Blob([text]).stream().pipeThrough(new CompressionStream(PACKING))
      packed.push(await new Response(stream).blob())
    },
    texts: async function* () {
      for (const blob of packed) yield new Response(blob.stream().pipeThrough(new DecompressionStream(PACKING))).text()
    },
  }
}
