import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { stretch } from "./keys.ts"
import { list, number, object, text } from "./shape.ts"

const vectors = list(object({ password: text, salt: text, iterations: number, rounds: number, proof: text }))(
  JSON.parse(readFileSync(new URL("../../tests/vectors/login_proof.json", import.meta.url), "utf8")),
  "vectors",
)

for (const [index, { password, proof, ...kdf }] of vectors.entries()) {
  test(`the browser makes of password ${index} the proof that the server expects`, async () => {
    const keys = await stretch(password, { name: "pbkdf2-sha256", ...kdf }, crypto.subtle)
    assert.equal(keys.proof, proof)
  })
}

test("the content key stays in the browser: it cannot be exported", async () => {
  const kdf = { name: "pbkdf2-sha256" as const, iterations: 1000, rounds: 1, salt: "AAECAwQFBgcICQoLDA0ODw" }
  const { contentKey } = await stretch("correct horse", kdf, crypto.subtle)
  assert.equal(contentKey.extractable, false)
  await assert.rejects(crypto.subtle.exportKey("raw", contentKey))
})

test("every round is told, so that somebody who waits can see it move", async () => {
  const kdf = { name: "pbkdf2-sha256" as const, iterations: 1000, rounds: 3, salt: "AAECAwQFBgcICQoLDA0ODw" }
  const told: string[] = []
  await stretch("correct horse", kdf, crypto.subtle, (done, rounds) => told.push(`${done}/${rounds}`))
  assert.deepEqual(told, ["1/3", "2/3", "3/3"])
})
