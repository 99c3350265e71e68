/** A paste that is far too long is cut by us, and said so; a link over chosen words makes a link of them. */
import { type ClipboardEvent, useState } from "react"
import { linkOver } from "../../core/linkOver.ts"
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
    const { value, selectionStart: start, selectionEnd: end } = field
    const room = most - value.length + end - start
    const link = linkOver(value.slice(start, end), pasted)
    if (link !== null && link.length <= room) {
      event.preventDefault()
      return insertText(field, start, end, link)
    }
    if (pasted.length <= room) return
    event.preventDefault()
    // By us: what Chromium cuts itself it cannot undo (156).
    const fitting = pasted.slice(0, Math.max(room, 0)).replace(/[\uD800-\uDBFF]$/, "")
    insertText(field, start, end, fitting)
    setWasCut(true)
  }
  return { most, wasCut, onPaste, onTyped: () => setWasCut(false) }
}
