/**
 * Whether this key sends: Enter, unless it makes a new line because Shift or Alt is held, or because the keyboard is one on
 * glass, which has no Shift+Enter: there the button sends.
 */
import type { KeyboardEvent } from "react"

export const onGlass = matchMedia("(pointer: coarse)")

export function isSendKey({ key, shiftKey, altKey, ctrlKey, metaKey }: KeyboardEvent<HTMLElement>): boolean {
  if (key !== "Enter" || shiftKey || altKey) return false
  return ctrlKey || metaKey || !onGlass.matches
}
