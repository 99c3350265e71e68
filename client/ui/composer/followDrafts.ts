/** Drafts that follow a member to their other devices (core/drafts.ts), in a page: when it is left, and where the caret stays. */
import type { Chat } from "../../core/chat.ts"
import { createDrafts } from "../../core/drafts.ts"

export function followDrafts(chat: Chat, isVisible: () => boolean): () => void {
  const { compare, flush, stop } = createDrafts(chat, { isVisible, replacing })
  const onVisibility = () => (isVisible() ? compare() : flush())
  document.addEventListener("visibilitychange", onVisibility)
  addEventListener("pagehide", flush)
  return () => {
    document.removeEventListener("visibilitychange", onVisibility)
    removeEventListener("pagehide", flush)
    stop()
  }
}

/** Browsers put the caret behind a text that is set. It stays in the middle of one. */
function replacing(show: () => void): void {
  const field = document.activeElement
  show()
  if (!(field instanceof HTMLTextAreaElement)) return
  const { selectionStart, selectionEnd, value } = field
  if (selectionEnd < value.length)
    requestAnimationFrame(() => {
      if (field.value !== value) field.setSelectionRange(selectionStart, selectionEnd)
    })
}
