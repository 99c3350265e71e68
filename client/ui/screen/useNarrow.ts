/** Whether the window is as narrow as a phone: styles/chat.css has the same width. */
import { useSyncExternalStore } from "react"

const query = matchMedia("(max-width: 47.5em)")

export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => query.matches)
}

function subscribe(listener: () => void) {
  query.addEventListener("change", listener)
  return () => query.removeEventListener("change", listener)
}
