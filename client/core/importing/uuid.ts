/** Ids that are the same whenever the same message is read: UUIDs of version 5 (RFC 9562, section 5.5). */
import { sha1 } from "@noble/hashes/legacy.js"
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js"

/** Under which our names of imported messages stand. It never changes: an import that is repeated would bring all again. */
export const IMPORTED = "6f1d2b7c-4a53-4f0e-9a6e-2f6f3c1d8b57"

/** @param namespace a UUID. */
export function uuid5(namespace: string, name: string): string {
  const hash = sha1
    .create()
    .update(hexToBytes(namespace.replaceAll("-", "")))
    .update(new TextEncoder().encode(name))
    .digest()
    .slice(0, 16)
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80
  return bytesToHex(hash).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")
}

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
