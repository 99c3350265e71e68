/** Rooms for tests of exports: what the room answers stands in tests/vectors/export.json, or is made up. */
import { readFileSync } from "node:fs"
import type { FileInfo } from "../files/types.ts"
import { channel, member, message } from "../protocol.ts"
import { Refused } from "../requests.ts"
import { dictionary, list, number, object, orNull, text } from "../shape.ts"
import type { PageCode } from "./page.ts"
import type { Source } from "./source.ts"
import type { Progress, Wanted } from "./writer.ts"

const named = object({ id: text, name: text })
const vectors = object({
  room: object({
    room: text,
    title: text,
    origin: text,
    me: named,
    retention_days: orNull(number),
    channels: list(channel),
    members: list(member),
    former: list(named),
    now: number,
  }),
  history: dictionary(list(message)),
  contents: dictionary(text),
  parts: dictionary(text),
  manifest: (value: unknown) => value,
})

export const VECTORS = vectors(
  JSON.parse(readFileSync(new URL("../../../tests/vectors/export.json", import.meta.url), "utf8")),
  "vectors",
)

export const PAGE: PageCode = { script: "run()", scriptHash: "aaa", styles: "p{}", stylesHash: "bbb" }

export const wanted = (parts: Partial<Wanted> = {}): Wanted => ({
  scope: "seen",
  files: true,
  language: "en",
  say: (key, values = {}) => [key, ...Object.values(values)].join(" "),
  page: PAGE,
  emojiNames: async () => ({ "1F44D": "+1", "0031-FE0F-20E3": "one" }),
  ...parts,
})

export function watch() {
  const told: Progress[] = []
  const stop = new AbortController()
  return { told, stop, signal: stop.signal, onProgress: (progress: Progress) => void told.push(progress) }
}

const bytesOf = (content: string) => new TextEncoder().encode(content).buffer

/** The room of the vectors; files come in two chunks. */
export function fakeSource(parts: Partial<Source> = {}): Source & { readonly asked: string[] } {
  const { room, history, contents } = VECTORS
  const { now, ...facts } = room
  const asked: string[] = []
  return {
    ...facts,
    asked,
    now: () => now,
    wait: async () => undefined,
    ask: async (request) => {
      if (request.type !== "history" || !("after" in request)) throw new Refused("malformed")
      asked.push(`${request.channel} ${request.after}`)
      const all = history[request.channel]
      if (all === undefined) throw new Refused("not_found")
      const following = all.filter(({ seq }) => seq > request.after)
      const messages = following.slice(0, 3)
      const more = following.length > messages.length
      return {
        type: "history",
        ref: "",
        channel: request.channel,
        messages,
        more,
        older: false,
        newer: false,
        pinned: [],
        at: null,
      }
    },
    chunks: async function* ({ id }: FileInfo) {
      const content = contents[id] ?? ""
      yield [bytesOf(content.slice(0, 2)), bytesOf(content.slice(2))]
    },
    ...parts,
  }
}
