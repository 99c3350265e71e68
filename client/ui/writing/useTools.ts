/** Puts a tool to use in a text area: as if it were typed, so that Ctrl+Z undoes it. */
import { type RefObject, useEffect } from "react"
import { type Chosen, type Edit, edited, type Tool } from "../../core/markup.ts"
import { insertText } from "../composer/insertText.ts"

type Area = RefObject<HTMLTextAreaElement | null>

/** The keys of each tool: the name of the key by its place on a keyboard, and what is held down with it. */
export const KEYS: Readonly<Record<Tool, string>> = {
  bold: "Ctrl B",
  italic: "Ctrl I",
  strike: "Ctrl Shift X",
  link: "Ctrl Shift L",
  list: "Ctrl Shift 8",
  numbers: "Ctrl Shift 7",
  quote: "Ctrl Shift 9",
  code: "Ctrl E",
  block: "Ctrl Shift E",
}
const BY_KEYS = new Map(Object.entries(KEYS).map(([tool, keys]) => [keys, tool]))

export function chosenIn({ value, selectionStart, selectionEnd }: HTMLTextAreaElement): Chosen {
  return { text: value, start: selectionStart, end: selectionEnd }
}

export function put(field: HTMLTextAreaElement, { start, end, by, from, to }: Edit): void {
  insertText(field, start, end, by)
  field.setSelectionRange(from, to)
}

export function use(tool: Tool, field: HTMLTextAreaElement): void {
  const edit = edited(tool, chosenIn(field))
  if (field.value.length + edit.by.length - (edit.end - edit.start) <= field.maxLength) put(field, edit)
}

export function useToolKeys(area: Area): void {
  useEffect(() => {
    const field = area.current
    const onKey = (event: KeyboardEvent) => {
      const tool = toolOf(event)
      if (field === null || tool === null || event.isComposing) return
      event.preventDefault()
      event.stopPropagation()
      use(tool, field)
    }
    field?.addEventListener("keydown", onKey)
    return () => field?.removeEventListener("keydown", onKey)
  }, [area])
}

function toolOf({ ctrlKey, metaKey, altKey, shiftKey, key, code }: KeyboardEvent): Tool | null {
  if (altKey || ctrlKey === metaKey) return null
  // By the letter where it is Latin; by the place of the key for other letters, and for digits, which Shift changes.
  const name = /^[a-z]$/i.test(key) ? key.toUpperCase() : code.replace(/^(Key|Digit)/, "")
  const found = BY_KEYS.get(`Ctrl ${shiftKey ? "Shift " : ""}${name}`)
  // as: the map was made of the tools.
  return (found ?? null) as Tool | null
}
