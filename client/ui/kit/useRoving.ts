/**
 * One stop of the Tab key for a whole list; the arrow keys go on inside it.
 *
 * Put the result on the list; its items carry `data-roving`, the current one tabIndex 0.
 */
import type { KeyboardEvent } from "react"

export function roving(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key]
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-roving]")]
  const at = items.findIndex((item) => item.matches(":focus"))
  if (at < 0) return
  const next =
    event.key === "Home"
      ? items[0]
      : event.key === "End"
        ? items.at(-1)
        : step && items[(at + step + items.length) % items.length]
  if (!next) return
  event.preventDefault()
  next.focus()
}
