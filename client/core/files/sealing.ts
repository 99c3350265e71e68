/**
 * Sealing and opening files (docs/protocol.md, "Files"): AES-256-GCM, chunk by chunk, with a key that seals nothing else.
 *
 * A chunk's nonce says which one it is and whether it is the last, and what is authenticated besides says of which file: so
 * chunks can be neither swapped nor left out, and a cut file does not open.
 */
import { fromBase64url } from "../encoding.ts"
import { CHUNK_BYTES, type Part, SEALED_CHUNK_BYTES } from "./layout.ts"
import type { FileInfo } from "./types.ts"

const CONTEXT = "durable-chat file v1"
const NONCE_BYTES = 12

/** Seals and opens the chunks of one file. `end` is how many chunks the file has. */
export interface Cipher {
  /** One part of a file, of which no more than this part has to be there. */
  seal(file: Pick<Blob, "slice">, part: Part, end: number): Promise<Uint8Array<ArrayBuffer>>
  /** Rejects if these are not the chunks that were sealed. */
  open(sealed: Uint8Array<ArrayBuffer>, first: number, end: number): Promise<readonly ArrayBuffer[]>
  sealThumbnail(thumbnail: Blob): Promise<Uint8Array<ArrayBuffer>>
  openThumbnail(sealed: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>
}

export async function cipherOf({ id, key }: Pick<FileInfo, "id" | "key">, subtle: SubtleCrypto): Promise<Cipher> {
  const secret = await subtle.importKey("raw", fromBase64url(key), "AES-GCM", false, ["encrypt", "decrypt"])
  const additionalData = Uint8Array.of(...new TextEncoder().encode(CONTEXT), ...fromBase64url(id))
  const as = (iv: Uint8Array<ArrayBuffer>) => ({ name: "AES-GCM", iv, additionalData })
  const chunk = (index: number, end: number) => as(nonce(0, index, index === end - 1))
  const thumbnail = as(nonce(1, 0, true))
  return {
    seal: async (file, { first, end: next, bytes }, end) => {
      const sealed = new Uint8Array(bytes)
      for (let index = first; index < next; index++) {
        const plain = await file.slice(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES).arrayBuffer()
        sealed.set(
          new Uint8Array(await subtle.encrypt(chunk(index, end), secret, plain)),
          (index - first) * SEALED_CHUNK_BYTES,
        )
      }
      return sealed
    },
    open: (sealed, first, end) =>
      Promise.all(
        Array.from({ length: Math.ceil(sealed.length / SEALED_CHUNK_BYTES) }, (_, number) => {
          const from = number * SEALED_CHUNK_BYTES
          return subtle.decrypt(chunk(first + number, end), secret, sealed.subarray(from, from + SEALED_CHUNK_BYTES))
        }),
      ),
    sealThumbnail: async (plain) => new Uint8Array(await subtle.encrypt(thumbnail, secret, await plain.arrayBuffer())),
    openThumbnail: (sealed) => subtle.decrypt(thumbnail, secret, sealed),
  }
}

/** Seven bytes that tell files from thumbnails, the chunk's index, and whether it is the last. */
function nonce(kind: number, index: number, isLast: boolean): Uint8Array<ArrayBuffer> {
  const made = new Uint8Array(NONCE_BYTES)
  made[0] = kind
  new DataView(made.buffer).setUint32(7, index)
  made[NONCE_BYTES - 1] = Number(isLast)
  return made
}
