/** Escape closes what is open beside the page's middle, unless a dialog lies over it: then it closes the dialog alone. */
import { useEffect } from "react"

export function useEscape(active: boolean, onClose: () => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: onClose is new with every rendering
  useEffect(() => {
    if (!active) return
    const onKey = ({ key }: KeyboardEvent) => {
      if (key === "Escape" && document.querySelector("dialog[open]") === null) onClose()
    }
    addEventListener("keydown", onKey)
    return () => removeEventListener("keydown", onKey)
  }, [active])
}
