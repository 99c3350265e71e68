/**
 * The lines of a Mattermost export, which stand in no order of time: of each message we remember when it was sent and in which
 * line it stands, and read the file again for as many lines as memory takes, in the order of time.
 */
import { MOST_WINDOW_BYTES } from "./limits.ts"
import { linesOf } from "./lines.ts"

/** Columns, as a million objects would take a hundred megabytes. */
export interface Index {
  readonly place: number[]
  readonly time: number[]
  readonly line: number[]
  /** 0: the post of the line; n: its nth answer. */
  readonly answer: number[]
  /** The length of each line that has messages. */
  readonly bytes: Map<number, number>
}

export interface Item {
  readonly text: string
  readonly line: number
  readonly answer: number
}

export const createIndex = (): Index => ({ place: [], time: [], line: [], answer: [], bytes: new Map() })

export function createReading(index: Index, chunks: () => AsyncIterable<Uint8Array>, most = MOST_WINDOW_BYTES) {
  const { place, time, line, answer, bytes } = index
  const by = (column: readonly number[], a: number, b: number) => (column[a] ?? 0) - (column[b] ?? 0)
  const order = Uint32Array.from(place.keys()).sort(
    (a, b) => by(place, a, b) || by(time, a, b) || by(line, a, b) || by(answer, a, b),
  )
  let window = { from: 0, to: 0, texts: new Map<number, string>() }

  /** The lines of what comes from here on, of further places too: they are asked for next. */
  async function load(from: number): Promise<void> {
    const wanted = new Set<number>()
    let to = from
    for (let size = 0; to < order.length; to += 1) {
      const number = line[order[to] ?? 0] ?? 0
      if (wanted.has(number)) continue
      size += bytes.get(number) ?? 0
      if (size > most && wanted.size > 0) break
      wanted.add(number)
    }
    window = { from, to, texts: new Map() }
    for await (const { number, text } of linesOf(chunks(), { isWanted: (one) => wanted.has(one) })) {
      if (text !== null) window.texts.set(number, text)
      if (window.texts.size === wanted.size) break
    }
  }

  return async function* itemsOf(wanted: number): AsyncGenerator<Item, void> {
    let at = lowest(order.length, (position) => (place[order[position] ?? 0] ?? 0) >= wanted)
    for (; place[order[at] ?? -1] === wanted; at += 1) {
      if (at < window.from || at >= window.to) await load(at)
      const one = order[at] ?? 0
      const number = line[one] ?? 0
      const text = window.texts.get(number)
      if (text !== undefined) yield { text, line: number, answer: answer[one] ?? 0 }
    }
  }
}

/** The first position of which it is so. */
function lowest(length: number, isSo: (position: number) => boolean): number {
  let [from, to] = [0, length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if (isSo(middle)) to = middle
    else from = middle + 1
  }
  return from
}
