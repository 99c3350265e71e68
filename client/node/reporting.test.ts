import assert from "node:assert/strict"
import { existsSync } from "node:fs"
import { mkdtemp, readFile, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { type TestContext, test } from "node:test"
import { openReport } from "./reporting.ts"

async function folder(t: TestContext) {
  const made = await mkdtemp(path.join(tmpdir(), "reporting-"))
  t.after(() => rm(made, { recursive: true }))
  return made
}

test("a report is there to its last line when it is closed, and only its owner reads it", async (t) => {
  const file = path.join(await folder(t), "report.txt")
  const report = await openReport(file)
  for (let line = 0; line < 10_000; line++) report.write(`line ${line}\n`)
  await report.close()
  assert.equal((await readFile(file, "utf8")).split("\n").at(-2), "line 9999")
  assert.equal((await stat(file)).mode & 0o777, 0o600)
})

test("where none is wanted none is written, and where none can be it is said", async (t) => {
  const report = await openReport(null)
  report.write("line\n")
  await report.close()
  const nowhere = path.join(await folder(t), "missing", "report.txt")
  await assert.rejects(openReport(nowhere), { name: "Trouble", message: /cannot be written \(ENOENT\)/ })
})

test("a disk that is full meanwhile breaks nothing off, and is said at the end", {
  skip: !existsSync("/dev/full"),
}, async () => {
  const report = await openReport("/dev/full")
  report.write("line\n")
  await new Promise((resolve) => setTimeout(resolve, 50))
  report.write("line\n")
  await assert.rejects(report.close(), { name: "Trouble", message: /cannot be written \(ENOSPC\)/ })
})
