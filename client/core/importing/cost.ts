/** What an import writes, in rows as the platform counts them (docs/import.md, "What it costs"; tests/worker/test_import.py counts them). */
import { sealedBytes } from "../files/layout.ts"

/** The free plan of Cloudflare writes so many a day. */
export const ROWS_A_DAY = 100_000
/** Its row, and the index of its id. */
const ROWS_A_MESSAGE = 2
/** The event about new former members, and how far the channel was imported. */
const ROWS_A_FRAME = 2
const ROWS_A_PERSON = 1
/** Reserving it, and giving it to its message; its blocks besides. */
const ROWS_A_FILE = 2
/** Of the object with the files: a row each. A bucket takes none. */
const BLOCK_BYTES = 1_048_640
/** Its row and the event; a change of it afterwards is as much. */
const ROWS_A_CHANNEL = 4
const ROWS_A_MEMBER = 2
/** One sealed row of the search for so many messages. */
const SEGMENT_MESSAGES = 1_024

export interface Amount {
  readonly messages: number
  readonly frames: number
  readonly people: number
  readonly channels: number
  /** Members of private channels that are made. */
  readonly members: number
  readonly files: number
  readonly blocks: number
}

export const blocksOf = (size: number): number => Math.ceil(sealedBytes(size) / BLOCK_BYTES)

export function rowsOf({ messages, frames, people, channels, members, files, blocks }: Amount): number {
  return (
    ROWS_A_MESSAGE * messages +
    ROWS_A_FRAME * frames +
    ROWS_A_PERSON * people +
    ROWS_A_CHANNEL * channels +
    ROWS_A_MEMBER * members +
    ROWS_A_FILE * files +
    blocks +
    Math.ceil(messages / SEGMENT_MESSAGES)
  )
}

export const daysOf = (rows: number): number => Math.ceil(rows / ROWS_A_DAY)
