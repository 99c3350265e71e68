import assert from "node:assert/strict"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { type TestContext, test } from "node:test"
import { openFile } from "./randomAccess.ts"

async function folder(t: TestContext) {
  const made = await mkdtemp(path.join(tmpdir(), "random-access-"))
  t.after(() => rm(made, { recursive: true }))
  return made
}

test("a file is read anywhere in it, and to its end", async (t) => {
  const file = path.join(await folder(t), "a.zip")
  await writeFile(file, "0123456789")
  const open = await openFile(file)
  const read = async (at: number, length: number) => new TextDecoder().decode(await open.read(at, length))
  assert.deepEqual(
    [open.size, await read(2, 3), await read(8, 9), await read(10, 1), await read(99, 1)],
    [10, "234", "89", "", ""],
  )
  await open.close()
})

test("what is no file is said", async (t) => {
  const made = await folder(t)
  await assert.rejects(openFile(made), { name: "Trouble", message: /is no file/ })
  await assert.rejects(openFile(path.join(made, "none")), { name: "Trouble", message: /cannot be read \(ENOENT\)/ })
})
