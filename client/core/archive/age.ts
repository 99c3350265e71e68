/**
 * Seals a stream with a passphrase, in the format of age (https://age-encryption.org/v1, "scrypt recipient"): `age -d` opens it.
 *
 * The package age-encryption does this as well; it brings ten times as much code for keys that nobody needs here, and its
 * scrypt keeps a page from moving for seconds. What is hard, the ciphers, is the same: @noble/hashes and @noble/ciphers.
 * tests/test_age.py opens what comes out with another program.
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js"
import { hkdf } from "@noble/hashes/hkdf.js"
import { hmac } from "@noble/hashes/hmac.js"
import { scryptAsync } from "@noble/hashes/scrypt.js"
import { sha256 } from "@noble/hashes/sha2.js"

/** As age has it: a quarter of a gigabyte for about a second, so that guessing takes as much each time. */
const WORK_FACTOR = 18
const FILE_KEY_BYTES = 16
const SALT_BYTES = 16
const NONCE_BYTES = 16
const KEY_BYTES = 32
const CHUNK_BYTES = 65_536
const CHUNK_NONCE_BYTES = 12
const SCRYPT_LABEL = "age-encryption.org/v1/scrypt"

export interface Sealing {
  readonly random: (bytes: number) => Uint8Array
  /** The base-2 logarithm of scrypt's N. */
  readonly workFactor?: number
}

/** Ends when `plain` does; nothing of it may be trusted before that. */
export async function* sealed(
  plain: AsyncIterable<Uint8Array>,
  passphrase: string,
  { random, workFactor = WORK_FACTOR }: Sealing,
): AsyncGenerator<Uint8Array, void> {
  const fileKey = random(FILE_KEY_BYTES)
  yield await headerOf(fileKey, passphrase, random(SALT_BYTES), workFactor)
  const nonce = random(NONCE_BYTES)
  yield nonce
  const key = hkdf(sha256, fileKey, nonce, utf8("payload"), KEY_BYTES)
  let count = 0
  let waiting = new Uint8Array(CHUNK_BYTES)
  let filled = 0
  for await (const bytes of plain) {
    for (let at = 0; at < bytes.length; ) {
      // Whether a full chunk is the last is known when there is more.
      if (filled === CHUNK_BYTES) {
        yield sealChunk(key, count++, false, waiting)
        waiting = new Uint8Array(CHUNK_BYTES)
        filled = 0
      }
      const taken = bytes.subarray(at, at + CHUNK_BYTES - filled)
      waiting.set(taken, filled)
      filled += taken.length
      at += taken.length
    }
  }
  yield sealChunk(key, count, true, waiting.subarray(0, filled))
}

async function headerOf(fileKey: Uint8Array, passphrase: string, salt: Uint8Array, workFactor: number) {
  const labelled = Uint8Array.of(...utf8(SCRYPT_LABEL), ...salt)
  const key = await scryptAsync(utf8(passphrase), labelled, { N: 2 ** workFactor, r: 8, p: 1, dkLen: KEY_BYTES })
  const wrapped = chacha20poly1305(key, new Uint8Array(CHUNK_NONCE_BYTES)).encrypt(fileKey)
  const text = `age-encryption.org/v1\n-> scrypt ${base64(salt)} ${workFactor}\n${base64(wrapped)}\n---`
  const mac = hmac(sha256, hkdf(sha256, fileKey, undefined, utf8("header"), KEY_BYTES), utf8(text))
  return utf8(`${text} ${base64(mac)}\n`)
}

/** STREAM: an 11-byte count and whether it is the last make the nonce, so nothing can be cut off or put elsewhere. */
function sealChunk(key: Uint8Array, count: number, isLast: boolean, plain: Uint8Array): Uint8Array {
  const nonce = new Uint8Array(CHUNK_NONCE_BYTES)
  const view = new DataView(nonce.buffer)
  view.setBigUint64(3, BigInt(count))
  nonce[CHUNK_NONCE_BYTES - 1] = Number(isLast)
  return chacha20poly1305(key, nonce).encrypt(plain)
}

const utf8 = (text: string) => new TextEncoder().encode(text)

const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes)).replaceAll("=", "")
