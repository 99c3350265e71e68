// Speaks wrangler's command line as far as bin/deploy does, and writes down what it was told and given.
import { appendFileSync, readFileSync } from "node:fs"

const words = process.argv.slice(2)
const [command, verb] = words
const file = words.indexOf("--secrets-file")
const piped = file < 0 ? "" : readFileSync(words[file + 1], "utf8")
const { FAKE_RECORD, FAKE_SECRETS, FAKE_TARGETS, FAKE_FAILS, FAKE_VERSION } = process.env
const environment = Object.entries(process.env).map(([name, value]) => `${name}=${value}`)
appendFileSync(FAKE_RECORD, `${JSON.stringify({ words, piped, environment })}\n`)

if (FAKE_FAILS === words.slice(0, 2).join(" ") || FAKE_FAILS === command) {
  console.error("✘ [ERROR] refused")
  process.exit(1)
}
if (command === "secret" && verb === "list") {
  if (FAKE_SECRETS === undefined) {
    console.error('✘ [ERROR] Worker "durable-chat" not found.')
    process.exit(1)
  }
  console.log(JSON.stringify(FAKE_SECRETS.split(",").filter(Boolean).map((name) => ({ name, type: "secret_text" }))))
}
if (command === "deploy") {
  console.log("uploading, says wrangler")
  const targets = FAKE_TARGETS ? FAKE_TARGETS.split(",") : []
  const told = { type: "deploy", version: 1, version_id: FAKE_VERSION, targets }
  appendFileSync(process.env.WRANGLER_OUTPUT_FILE_PATH, `${JSON.stringify(told)}\n`)
}
