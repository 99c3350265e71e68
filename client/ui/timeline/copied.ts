/**
 * What is copied of messages: the words, without the empty lines that a browser puts between what stands around them (a
 * triple click reaches to the beginning of the next message).
 */
import type { ClipboardEvent } from "react"

export function copyWords(event: ClipboardEvent<HTMLElement>): void {
  const selection = getSelection()
  const field = event.target instanceof Element && event.target.closest("textarea, input")
  if (field || selection === null || selection.rangeCount === 0 || event.clipboardData === null) return
  const words = wordsOf(selection.toString())
  if (words === "") return
  const html = document.createElement("div")
  html.append(selection.getRangeAt(0).cloneContents())
  for (const around of html.querySelectorAll(AROUND)) around.remove()
  event.preventDefault()
  event.clipboardData.setData("text/plain", words)
  event.clipboardData.setData("text/html", html.innerHTML)
}

const AROUND = ".message__side, .message__time, .message__actions, .message__pending, .message__edited, button"

export function wordsOf(selected: string): string {
  return selected.replace(/^\n+|\s+$/g, "").replace(/\n{3,}/g, "\n\n")
}
