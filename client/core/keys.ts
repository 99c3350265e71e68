/**
 * What the browser makes of the password (docs/protocol.md, "Login"): one half proves the login, the other stays here.
 *
 * The password itself goes nowhere. `subtle` is SubtleCrypto, of a browser or of Node.
 */
import { fromBase64url, toBase64url } from "./encoding.ts"
import type { RoomFacts } from "./protocol.ts"

const KEY_BITS = 256
const PROOF_INFO = "durable-chat login v1"
const CONTENT_INFO = "durable-chat content v1"

/** The proof travels. The content key is reserved for encryption in the browser; it cannot be exported, and nobody uses it yet. */
export interface PasswordKeys {
  readonly proof: string
  readonly contentKey: CryptoKey
}

/**
 * Stretches a password and splits the result.
 *
 * @param onRound gets the number of finished rounds after each, for a progress bar.
 */
export async function stretch(
  password: string,
  kdf: RoomFacts["kdf"],
  subtle: SubtleCrypto,
  onRound: (done: number, rounds: number) => void = () => undefined,
): Promise<PasswordKeys> {
  let key = new TextEncoder().encode(password.normalize("NFKC"))
  const salt = fromBase64url(kdf.salt)
  for (let round = 0; round < kdf.rounds; round++) {
    key = await stretchOnce(key, Uint8Array.of(...salt, round), kdf.iterations, subtle)
    onRound(round + 1, kdf.rounds)
  }
  const root = await subtle.importKey("raw", key, "HKDF", false, ["deriveBits", "deriveKey"])
  const proof = await subtle.deriveBits(expandFor(PROOF_INFO), root, KEY_BITS)
  const contentKey = await subtle.deriveKey(
    expandFor(CONTENT_INFO),
    root,
    { name: "AES-GCM", length: KEY_BITS },
    false,
    ["encrypt", "decrypt"],
  )
  return { proof: toBase64url(new Uint8Array(proof)), contentKey }
}

async function stretchOnce(
  key: Uint8Array<ArrayBuffer>,
  salt: Uint8Array<ArrayBuffer>,
  iterations: number,
  subtle: SubtleCrypto,
): Promise<Uint8Array<ArrayBuffer>> {
  const material = await subtle.importKey("raw", key, "PBKDF2", false, ["deriveBits"])
  const bits = await subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, material, KEY_BITS)
  return new Uint8Array(bits)
}

function expandFor(info: string): HkdfParams {
  return { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: new TextEncoder().encode(info) }
}
