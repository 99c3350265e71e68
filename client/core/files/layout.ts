/**
 * How a sealed file is cut (docs/protocol.md, "Files"): chunks that are sealed one by one, and parts that travel. The Worker
 * counts alike (src/files/layout.py).
 */

/** The plaintext of a chunk; the last one of a file may be shorter. */
export const CHUNK_BYTES = 262_144
const TAG_BYTES = 16
export const FILE_ID_BYTES = 16
export const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES
/** The part with the thumbnail, which is one chunk. */
export const THUMBNAIL = "t"

/** The bytes of a sealed file; an empty one is one empty chunk. */
export function sealedBytes(size: number): number {
  return size + Math.max(1, Math.ceil(size / CHUNK_BYTES)) * TAG_BYTES
}

/** What of a file travels together: its chunks from `first` up to, not including, `end`. */
export interface Part {
  readonly name: string
  readonly first: number
  readonly end: number
  /** Sealed. */
  readonly bytes: number
}

/**
 * The parts of a file, its thumbnail aside.
 *
 * @param size of the file, not sealed.
 * @param partBytes the sealed bytes of every part but the last, as the server says.
 */
export function partsOf(size: number, partBytes: number): readonly Part[] {
  const sealed = sealedBytes(size)
  const chunks = Math.ceil(sealed / SEALED_CHUNK_BYTES)
  const each = partBytes / SEALED_CHUNK_BYTES
  return Array.from({ length: Math.ceil(chunks / each) }, (_, number) => ({
    name: String(number),
    first: number * each,
    end: Math.min(chunks, (number + 1) * each),
    bytes: Math.min(partBytes, sealed - number * partBytes),
  }))
}
