import assert from "node:assert/strict"
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { type TestContext, test } from "node:test"
import { keep } from "./keeping.ts"

async function folder(t: TestContext) {
  const made = await mkdtemp(path.join(tmpdir(), "keeping-"))
  t.after(() => rm(made, { recursive: true }))
  return made
}

async function* pieces(...texts: readonly (string | Error)[]) {
  for (const text of texts) {
    if (text instanceof Error) throw text
    yield new TextEncoder().encode(text)
  }
}

const never = new AbortController().signal

test("a file is there whole, and only its owner reads it", async (t) => {
  const file = path.join(await folder(t), "export.zip")
  assert.equal(await keep(file, pieces("one", "two"), never), 6)
  assert.equal(await readFile(file, "utf8"), "onetwo")
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  assert.deepEqual(await readdir(path.dirname(file)), ["export.zip"])
})

test("whatever breaks off leaves nothing, and what was there before stays", async (t) => {
  const file = path.join(await folder(t), "export.zip")
  await writeFile(file, "the one of yesterday")
  await assert.rejects(keep(file, pieces("one", new Error("broken")), never), { message: "broken" })
  const stopped = AbortSignal.abort(new Error("stopped"))
  await assert.rejects(keep(file, pieces("one"), stopped), { message: "stopped" })
  assert.equal(await readFile(file, "utf8"), "the one of yesterday")
  assert.deepEqual(await readdir(path.dirname(file)), ["export.zip"])
})

test("where nothing can be written it is said", async (t) => {
  const file = path.join(await folder(t), "missing", "export.zip")
  await assert.rejects(keep(file, pieces("one"), never), { name: "Trouble", message: /cannot be written \(ENOENT\)/ })
})
