/**
 * What is copied of messages: the words, without the empty lines that a browser puts between what stands around them (a
 * triple click reaches to the beginning of the next message).
 */
import { useEffect } from "react"

export function useCopying(): void {
  useEffect(() => {
    document.addEventListener("copy", copyWords)
    return () => document.removeEventListener("copy", copyWords)
  }, [])
}

function copyWords(event: ClipboardEvent): void {
  const selection = getSelection()
  const { target } = event
  const ofMessages =
    target instanceof Element && target.closest(".timeline__frame") && !target.closest("textarea, input")
  if (!ofMessages || selection === null || selection.rangeCount === 0 || event.clipboardData === null) return
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

function wordsOf(selected: string): string {
  return selected.replace(/^\n+|\s+$/g, "").replace(/\n{3,}/g, "\n\n")
}
