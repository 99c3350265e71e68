/** A press on what Beside.tsx hears (usePresses.ts) may come before it has been downloaded: the last one waits for it here. */
import { beside } from "../quiet.ts"

const HEARD = "[data-member], .message__edited"

let early: Element | null = null

/** Keeps the last press until the result is called; `onPress` is told whether it is one that waits. */
export function keepPress(onPress: (waits: boolean) => void): () => void {
  const note = ({ target }: Event) => {
    if (beside.ready() !== null) return
    early = target instanceof Element ? target.closest(HEARD) : null
    onPress(early !== null)
  }
  document.addEventListener("click", note)
  return () => document.removeEventListener("click", note)
}

export function takePress(): Element | null {
  const taken = early
  early = null
  return taken
}
