import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { RECIPES, recipeText } from "./recipes.ts"

const ADDRESS = "https://chat.example/hooks/main_abc_secret"
const guide = readFileSync(new URL("../../docs/bots.md", import.meta.url), "utf8")

test("every recipe holds all of the address, whatever the tool makes of its beginning", () => {
  for (const { id } of RECIPES) assert.ok(recipeText(id, ADDRESS).includes("//chat.example/hooks/main_abc_secret"), id)
})

test("tools that write an address in their own way get it so, with and without TLS", () => {
  assert.equal(recipeText("apprise", ADDRESS), "jsons://chat.example/hooks/main_abc_secret")
  assert.equal(recipeText("apprise", "http://127.0.0.1:8787/hooks/t"), "json://127.0.0.1:8787/hooks/t")
  assert.equal(recipeText("shoutrrr", ADDRESS), "generic://chat.example/hooks/main_abc_secret")
  assert.equal(
    recipeText("shoutrrr", "http://127.0.0.1:8787/hooks/t"),
    "generic://127.0.0.1:8787/hooks/t?disabletls=yes",
  )
})

test("the page and docs/bots.md have the same recipes", () => {
  for (const { name } of RECIPES) if (name !== null) assert.ok(guide.includes(name.split(",")[0] ?? name), name)
  const own = "https://YOUR-ADDRESS/hooks/TOKEN"
  for (const id of ["curl", "apprise", "shoutrrr"] as const) assert.ok(guide.includes(recipeText(id, own)), id)
  assert.ok(recipeText("alertmanager", own).endsWith(`webhook_configs:\n      - url: ${own}`))
})
