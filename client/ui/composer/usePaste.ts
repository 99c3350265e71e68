/** A paste that is far too long is cut by us, and said so. */
import { type ClipboardEvent, useState } from "react"
import { useChatState } from "../context.ts"
import { insertText } from "./insertText.ts"

/** A field takes more than a message may have, so that it can be cut down; much more would stop the page at every key. */
const MOST_TIMES = 2

export function usePaste() {
  const most = MOST_TIMES * useChatState(({ room }) => room.limits.body_characters)
  const [wasCut, setWasCut] = useState(false)
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const { currentTarget: field, clipboardData } = event
    const pasted = clipboardData?.getData("text/plain").replace(/\r\n?/g, "\n") ?? ""
    const room = most - field.value.length + field.selectionEnd - field.selectionStart
    if (pasted.length <= room) return
    event.preventDefault()
    // By us: what Chromium cuts itself it cannot undo (156).
    const fitting = pasted.slice(0, Math.max(room, 0)).replace(/[\uD800-\uDBFF]$/, "")
    insertText(field, field.selectionStart, field.selectionEnd, fitting)
    setWasCut(true)
  }
  return { most, wasCut, onPaste, onTyped: () => setWasCut(false) }
}
