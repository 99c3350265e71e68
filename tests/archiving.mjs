/**
 * Makes an export without a server, for tests of its page: `archiving.mjs FOLDER [LANGUAGE]` reads a room as JSON on standard
 * input (as tests/vectors/export.json has one) and writes the parts of its export into the folder.
 */
import { mkdir, writeFile } from "node:fs/promises"
import path from "node:path"
import { json } from "node:stream/consumers"
import { buildPage } from "../client/archive/build.mjs"
import { partsOf } from "../client/core/archive/writer.ts"
import { channel, message } from "../client/core/protocol.ts"
import { texts as en } from "../client/i18n/en.ts"
import { texts as ru } from "../client/i18n/ru.ts"
import { createTranslator } from "../client/i18n/translate.ts"

const [folder = "", language = "en"] = process.argv.slice(2)
const { room, history, contents } = await json(process.stdin)
const channels = room.channels.map((/** @type {unknown} */ each) => channel(each, "channel"))
/** @type {import("../client/core/archive/source.ts").Source} */
const source = {
  ...room,
  channels,
  now: () => room.now,
  wait: async () => undefined,
  ask: async (request) => {
    const { channel: id, after } = /** @type {{ channel: string, after: number }} */ (request)
    const following = (history[id] ?? []).filter((/** @type {{ seq: number }} */ { seq }) => seq > after)
    const messages = following.slice(0, 100).map((/** @type {unknown} */ each) => message(each, "message"))
    return { type: "history", ref: "", channel: id, messages, more: following.length > 100, older: false, newer: false }
  },
  chunks: async function* ({ id }) {
    yield [Uint8Array.from(Buffer.from(contents[id], "base64")).buffer]
  },
}
const say = createTranslator(language === "ru" ? "ru" : "en", language === "ru" ? ru : en)
const wanted = { scope: "seen", files: true, language, say, page: await buildPage(), emojiNames: async () => ({}) }
const watch = { signal: new AbortController().signal, onProgress: () => undefined }
// as: what stands above.
for await (const { name, chunks } of partsOf(source, /** @type {any} */ (wanted), watch)) {
  const file = path.join(folder, name)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, chunks)
}
