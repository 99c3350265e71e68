/** Puts messages together into frames that the room takes: not too many, not too long, not with too many people or files. */
import { MOST_PEOPLE, type Ready } from "./bringing.ts"

export const MOST_MESSAGES = 100
/** Uploads that are under way when something breaks count for a day (docs/protocol.md, "Files"): few frames may leave some behind. */
export const MOST_FILES = 20
/** The room takes 65,536 bytes. */
const MOST_BYTES = 60_000
/** Of a file besides its name and what it shows: id, key, type, numbers. */
const FILE_BYTES = 420

export interface Frame {
  readonly ready: readonly Ready[]
  readonly people: ReadonlyMap<string, string>
}

export async function* framesOf(all: AsyncIterable<Ready>): AsyncGenerator<Frame, void> {
  let ready: Ready[] = []
  let people = new Map<string, string>()
  let bytes = 0
  let files = 0
  for await (const next of all) {
    const isFull =
      ready.length >= MOST_MESSAGES ||
      files + next.files.length > MOST_FILES ||
      bytes + bytesOf(next) > MOST_BYTES ||
      new Set([...people.keys(), ...next.people.keys()]).size > MOST_PEOPLE
    if (isFull && ready.length > 0) {
      yield { ready, people }
      ready = []
      people = new Map()
      bytes = 0
      files = 0
    }
    ready.push(next)
    for (const [id, name] of next.people) people.set(id, name)
    bytes += bytesOf(next)
    files += next.files.length
  }
  if (ready.length > 0) yield { ready, people }
}

/** Whether a message fits a frame at all. */
export const fits = (ready: Ready): boolean => bytesOf(ready) <= MOST_BYTES

const encoder = new TextEncoder()
const jsonBytes = (value: unknown) => encoder.encode(JSON.stringify(value)).length + 1

function bytesOf({ message, people, files }: Ready): number {
  const named = [...people].reduce((sum, [id, name]) => sum + jsonBytes({ id, name }), 0)
  const attached = files.reduce((sum, { name, alt, type }) => sum + FILE_BYTES + jsonBytes([name, alt, type]), 0)
  return jsonBytes(message) + named + attached
}
