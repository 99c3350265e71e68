/** Solves the proof of work before a login (docs/protocol.md, "Proof of work"), as the widget does in browsers. */
import { number, object, type Shaped, text } from "../core/shape.ts"

const parameters = object({
  algorithm: text,
  nonce: text,
  salt: text,
  cost: number,
  keyLength: number,
  keyPrefix: text,
})
const challenge = object({ parameters })
export type Parameters = Shaped<typeof parameters>

export const ALGORITHM = "PBKDF2/SHA-256"
/** More tries than any challenge of ours takes: one in 10^27 needs so many. */
const MOST_TRIES = 16_384

/**
 * The field `altcha` of a login.
 *
 * @param given the challenge as the server sent it.
 * @throws Error if it is of another kind.
 */
export async function solve(given: unknown, subtle: SubtleCrypto): Promise<string> {
  const asked = challenge(given, "challenge").parameters
  if (asked.algorithm !== ALGORITHM) throw new Error(`unknown proof of work: ${asked.algorithm}`)
  for (let counter = 0; counter < MOST_TRIES; counter++) {
    const derivedKey = await derive(asked, counter, subtle)
    if (derivedKey.startsWith(asked.keyPrefix)) return encoded({ challenge: given, solution: { counter, derivedKey } })
  }
  throw new Error("the proof of work has no solution")
}

async function derive(asked: Parameters, counter: number, subtle: SubtleCrypto): Promise<string> {
  const count = new Uint8Array(4)
  new DataView(count.buffer).setUint32(0, counter)
  const password = Buffer.concat([Buffer.from(asked.nonce, "hex"), count])
  const key = await subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"])
  const salt = Uint8Array.from(Buffer.from(asked.salt, "hex"))
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: asked.cost }
  return Buffer.from(await subtle.deriveBits(how, key, asked.keyLength * 8)).toString("hex")
}

const encoded = (answer: object) => Buffer.from(JSON.stringify(answer)).toString("base64")
