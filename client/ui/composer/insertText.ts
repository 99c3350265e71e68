/**
 * Puts text where the caret is or was as if it were typed, so that the browser can undo it: a value that a program sets
 * is outside of what Ctrl+Z knows, and spoils it.
 *
 * `execCommand` is deprecated, and the only way there is (2026-11). To be removed when a field can be changed in another
 * way that is undone.
 */
export function insertText(area: HTMLTextAreaElement, start: number, end: number, text: string): void {
  area.focus()
  area.setSelectionRange(start, end)
  if (document.execCommand("insertText", false, text)) return
  area.setRangeText(text, start, end, "end")
  area.dispatchEvent(new Event("input", { bubbles: true }))
}
