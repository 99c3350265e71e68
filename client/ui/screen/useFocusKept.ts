/**
 * Where the keys go when what had the focus goes away. The browser says: nowhere. Here: to the message it belonged to, or
 * back to what had the focus before, or to the place to write. One guard for dialogs, bars, notices and buttons alike.
 */
import { useEffect } from "react"
import { onGlass } from "../composer/isSendKey.ts"

const REMEMBERED = 16
const WRITABLE = "input, textarea"

export function useFocusKept(): void {
  useEffect(() => {
    const focused = document.activeElement
    let former = focused instanceof HTMLElement ? [focused] : []
    const onFocus = ({ target }: FocusEvent) => {
      if (target instanceof HTMLElement)
        former = [target, ...former.filter((each) => each !== target)].slice(0, REMEMBERED)
    }
    const onRemoval = (changes: readonly MutationRecord[]) => {
      const last = former[0]
      if (last === undefined || (document.activeElement ?? document.body) !== document.body) return
      const change = changes.find(({ removedNodes }) => [...removedNodes].some((node) => node.contains(last)))
      if (change === undefined) return
      former = former.filter((each) => each.isConnected)
      const near = change.target instanceof Element ? change.target.closest("[data-row]") : null
      focusFirst([last, near, ...former, ...document.querySelectorAll("dialog[open], .composer__text")])
    }
    const observer = new MutationObserver(onRemoval)
    observer.observe(document.body, { childList: true, subtree: true })
    document.addEventListener("focusin", onFocus)
    return () => {
      observer.disconnect()
      document.removeEventListener("focusin", onFocus)
    }
  }, [])
}

/** The first that takes it: what lies under a dialog, or is disabled, does not. */
function focusFirst(candidates: readonly (Element | null)[]): void {
  for (const each of candidates) {
    // On glass a field would bring the keyboard up.
    if (!(each instanceof HTMLElement) || !each.isConnected || (onGlass.matches && each.matches(WRITABLE))) continue
    each.focus({ preventScroll: true })
    if (document.activeElement === each) return
  }
}
