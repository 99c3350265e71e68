import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"

test("each drawing of the harbour takes less than 3 kB, and there are no others", () => {
  const file = readFileSync(new URL("../../../public/scenes.svg", import.meta.url), "utf8")
  const drawings = [...file.matchAll(/<symbol id="(\w+)"[\s\S]*?<\/symbol>/g)]
  assert.deepEqual(drawings.map(([, name]) => name).sort(), ["buoy", "harbour", "lighthouse", "mooring", "net"])
  for (const [drawing, name] of drawings) assert.ok(Buffer.byteLength(drawing) < 3_000, name)
})
