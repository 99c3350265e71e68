/**
 * Builds the code that writes exports into one script, with a room that is made up while it is read: so a test can watch how much
 * memory a browser takes for an export of any size. `measuring.mjs` prints the script; `write(messages, megabytes)` runs it.
 */
import path from "node:path"
import { fileURLToPath } from "node:url"
import * as esbuild from "esbuild"
import { archivePage } from "../client/archive/build.mjs"

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const made = await esbuild.build({
  stdin: {
    resolveDir: root,
    loader: "ts",
    contents: `
      import { page } from "archive:page"
      import { partsOf } from "./client/core/archive/writer.ts"
      import { zipOf } from "./client/core/archive/zip.ts"
      import { openSaving } from "./client/browser/saving.ts"

      const CHUNK = 262_144
      const FILE = 20_000_000
      const words = "the quick brown fox jumps over a lazy dog and then some more words follow, as people write them "

      globalThis.write = async (messages: number, megabytes: number) => {
        const files = Math.round((megabytes * 1_000_000) / FILE)
        const text = (seq: number) => "message " + seq + ": " + words.slice(seq % 40) + words.slice(0, seq % 70)
        const source: any = {
          room: "main", title: "Large", origin: "https://chat.example", me: { id: "anna", name: "Anna" }, retention_days: null,
          channels: [{ id: "general", name: "general", topic: "", kind: "open", archived: false, created_by: null,
            retention_days: null, members: [], keepers: [], since_seq: 0, last_seq: messages }],
          members: [{ id: "anna", name: "Anna", role: "member" }], former: [], now: () => 0, wait: async () => undefined,
          ask: async ({ after }: { after: number }) => {
            await new Promise((resolve) => setTimeout(resolve))
            const count = Math.min(100, messages - after)
            return { type: "history", more: after + count < messages, messages: Array.from({ length: count }, (_, index) => {
              const seq = after + index + 1
              const file = { id: "file" + seq, key: "", name: seq + ".bin", type: "video/mp4", size: FILE }
              return { state: "said", seq, id: crypto.randomUUID(), channel: "general", author: "anna", body: text(seq),
                sent_at: seq, edited_at: null, reply_to: null, reply_seq: null, mentions: [], reactions: {},
                files: seq <= files ? [file] : [], shown_as: {} }
            }) }
          },
          chunks: async function* () {
            for (let at = 0; at < FILE; at += CHUNK) {
              await new Promise((resolve) => setTimeout(resolve))
              yield [crypto.getRandomValues(new Uint8Array(64)) && new ArrayBuffer(Math.min(CHUNK, FILE - at))]
            }
          },
        }
        const wanted: any = { scope: "seen", files: true, language: "en", say: (key: string) => key, page, emojiNames: async () => ({}) }
        // A private window has too little room of its own for gigabytes, so the file that somebody chooses counts them only.
        let written = 0
        const createWritable = async () => new WritableStream({ write: (chunk: Uint8Array) => void (written += chunk.length) })
        Object.assign(window, { showSaveFilePicker: async () => ({ createWritable }) })
        const saving = await openSaving("large.zip")
        await zipOf(partsOf(source, wanted, { signal: new AbortController().signal, onProgress: () => undefined })).pipeTo(saving!.writable)
        return written
      }`,
  },
  bundle: true,
  write: false,
  format: "iife",
  plugins: [archivePage],
})
process.stdout.write(made.outputFiles[0]?.text ?? "")
