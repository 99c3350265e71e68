/** One stop of the Tab key for the whole history; the arrow keys go from message to message. */
import { type FocusEvent, type KeyboardEvent, type RefObject, useState } from "react"
import type { VirtualizerHandle } from "virtua"
import type { Row } from "../../core/rows.ts"

const STEPS: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  PageUp: -8,
  PageDown: 8,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
}

export function useRowFocus(rows: readonly Row[], handle: RefObject<VirtualizerHandle | null>) {
  const [chosen, setChosen] = useState<string | null>(null)
  const last = rows.at(-1)
  const current = rows.some(({ key }) => key === chosen) ? chosen : (last?.key ?? null)
  const index = rows.findIndex(({ key }) => key === current)

  const focusRow = (key: string) =>
    // The row may have to be put on the page first.
    requestAnimationFrame(() => {
      const row = document.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`)
      row?.focus({ preventScroll: true })
    })

  return {
    current,
    kept: chosen !== null && index >= 0 ? [index] : [],
    onFocus: (event: FocusEvent<HTMLElement>) => {
      const key = event.target instanceof Element ? event.target.closest("[data-row]")?.getAttribute("data-row") : null
      if (key) setChosen(key)
    },
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      const step = STEPS[event.key]
      const onRow = event.target instanceof HTMLElement && event.target.dataset["row"] !== undefined
      if (step === undefined || !onRow || event.altKey) return
      const next = Math.min(Math.max(index + step, 0), rows.length - 1)
      const row = rows[next]
      if (row === undefined) return
      event.preventDefault()
      setChosen(row.key)
      handle.current?.scrollToIndex(next, { align: "nearest" })
      focusRow(row.key)
    },
  }
}
