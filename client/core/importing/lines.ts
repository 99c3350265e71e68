/** Bytes into lines, each with its number. A line that is too long, or is not UTF-8, has no text. */
import { MOST_LINE_BYTES } from "./limits.ts"

export interface Line {
  /** From 1. */
  readonly number: number
  readonly bytes: number
  readonly text: string | null
  readonly problem: "malformed" | "oversized" | null
}

const NEWLINE = 0x0a

export interface Reading {
  readonly most?: number
  /** Others are only counted. */
  readonly isWanted?: (number: number) => boolean
}

export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  { most = MOST_LINE_BYTES, isWanted = () => true }: Reading = {},
): AsyncGenerator<Line, void> {
  const decoder = new TextDecoder("utf-8", { fatal: true })
  let number = 0
  let waiting: Uint8Array[] = []
  let length = 0
  const add = (bytes: Uint8Array) => {
    if (!isWanted(number + 1)) return
    length += bytes.length
    if (length > most) waiting = []
    else if (bytes.length > 0) waiting.push(bytes)
  }
  const take = (): Line | null => {
    number += 1
    if (!isWanted(number)) return null
    const line = length > most ? tooLong(number) : decoded(decoder, number, joined(waiting, length))
    waiting = []
    length = 0
    return line
  }
  for await (const chunk of chunks) {
    let from = 0
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, at))
      from = at + 1
      const line = take()
      if (line !== null) yield line
    }
    // A copy: the chunk may be used again by whoever gave it.
    add(chunk.slice(from))
  }
  const last = length > 0 ? take() : null
  if (last !== null) yield last
}

const tooLong = (number: number): Line => ({ number, bytes: 0, text: null, problem: "oversized" })

function decoded(decoder: TextDecoder, number: number, bytes: Uint8Array): Line {
  try {
    return { number, bytes: bytes.length, text: decoder.decode(bytes), problem: null }
  } catch {
    return { number, bytes: bytes.length, text: null, problem: "malformed" }
  }
}

export function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const [first] = pieces
  if (pieces.length === 1 && first !== undefined) return first
  const all = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}
