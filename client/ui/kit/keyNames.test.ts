import assert from "node:assert/strict"
import { test } from "node:test"
import { keyNames } from "./keyNames.ts"

for (const [platform, wanted] of [
  ["Win32", ["Ctrl K", "Alt ↑ / Alt ↓", "Shift Enter"]],
  ["Linux x86_64", ["Ctrl K", "Alt ↑ / Alt ↓", "Shift Enter"]],
  ["MacIntel", ["⌘ K", "⌥ ↑ / ⌥ ↓", "Shift Enter"]],
  ["iPad", ["⌘ K", "⌥ ↑ / ⌥ ↓", "Shift Enter"]],
] as const) {
  test(`on ${platform} keys are called as they are called there`, () => {
    assert.deepEqual(
      ["Ctrl K", "Alt ↑ / Alt ↓", "Shift Enter"].map((keys) => keyNames(keys, platform)),
      wanted,
    )
  })
}
