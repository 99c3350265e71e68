import assert from "node:assert/strict"
import { pbkdf2Sync } from "node:crypto"
import { test } from "node:test"
import { ALGORITHM, solve } from "./proofOfWork.ts"

const PARAMETERS = { algorithm: ALGORITHM, nonce: "00ff10", salt: "abcdef", cost: 3, keyLength: 32, keyPrefix: "00" }

test("the answer holds the challenge as it came, and a key that begins as asked", async () => {
  const challenge = { parameters: { ...PARAMETERS, expiresAt: 1 }, signature: "signed" }
  const { challenge: same, solution } = JSON.parse(atob(await solve(challenge, crypto.subtle)))
  assert.deepEqual(same, challenge)
  const nonce = Buffer.alloc(7)
  nonce.set(Buffer.from("00ff10", "hex"))
  nonce.writeUInt32BE(solution.counter, 3)
  const derived = pbkdf2Sync(nonce, Buffer.from("abcdef", "hex"), 3, 32, "sha256").toString("hex")
  assert.equal(solution.derivedKey, derived)
  assert.match(derived, /^00/)
})

test("another kind of work is not tried", async () => {
  const challenge = { parameters: { ...PARAMETERS, algorithm: "SCRYPT" } }
  await assert.rejects(solve(challenge, crypto.subtle), /unknown proof of work/)
})
