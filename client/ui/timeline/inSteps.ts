/**
 * What came in front of the rows is shown before what came behind them.
 *
 * The list (virtua) holds still either while rows are put in front (`shift`: it keeps the distance from the end until the
 * scrolling that this takes has ended), or while they are put behind. Rows that came behind in the meantime would be taken
 * for older ones, or their heights for those of older ones, and what is read would move.
 */
import { useCallback, useReducer, useRef } from "react"
import type { Row } from "../../core/rows.ts"

/** Where nothing needed to be scrolled, no end of it is told. */
const LONGEST_MS = 1_000

export interface Step {
  readonly rows: readonly Row[]
  /** Whether rows were put in front of those that were there, or taken away there. */
  readonly shift: boolean
}

/** The next rows to show on the way from those that are shown to those that are wanted. */
export function stepTo(wanted: readonly Row[], { rows }: Step, held: boolean): Step {
  const lastKey = rows.at(-1)?.key
  const shift = wanted[0]?.key !== rows[0]?.key
  const last = shift || held ? wanted.findIndex(({ key }) => key === lastKey) : -1
  if (last < 0) return { rows: wanted, shift: false }
  return { rows: last === wanted.length - 1 ? wanted : wanted.slice(0, last + 1), shift }
}

export function useInSteps(wanted: readonly Row[]) {
  const step = useRef<Step>({ rows: [], shift: false })
  const from = useRef(wanted)
  const holding = useRef<ReturnType<typeof setTimeout> | null>(null)
  const [, again] = useReducer((steps: number) => steps + 1, 0)
  const goOn = useCallback(() => {
    if (holding.current === null) return
    clearTimeout(holding.current)
    holding.current = null
    again(0)
  }, [])
  const held = holding.current !== null
  if (from.current !== wanted || (!held && step.current.rows !== wanted)) {
    step.current = stepTo(wanted, step.current, held)
    from.current = wanted
    if (step.current.shift) {
      clearTimeout(holding.current ?? undefined)
      holding.current = setTimeout(goOn, LONGEST_MS)
    }
  }
  const { rows, shift } = step.current
  return { rows, shift, more: rows !== wanted, onScrollEnd: goOn }
}
