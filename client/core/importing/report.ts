/** What of a source is not taken, with where it stands and why: counted by reason, and line by line for whoever wants them. */
import type { Skipped } from "./source.ts"

export interface Line {
  readonly where: string
  /** A word: of the source, of this folder, or of the room. */
  readonly why: string
  readonly detail?: string | undefined
}

/** So many are shown; all are in the file that --report names. */
export const SHOWN = 20

export function createReport(write: (line: Line) => void = () => undefined) {
  const counts = new Map<string, number>()
  const first: Line[] = []
  let count = 0
  return {
    add: (line: Line | Skipped) => {
      counts.set(line.why, (counts.get(line.why) ?? 0) + 1)
      if (first.length < SHOWN) first.push(line)
      count++
      write(line)
    },
    counts: (): ReadonlyMap<string, number> => counts,
    first: (): readonly Line[] => first,
    count: () => count,
  }
}
export type Report = ReturnType<typeof createReport>
