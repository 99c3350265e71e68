/** Shortcuts that work everywhere; the dialog behind `?` lists them. */
import { useEffect } from "react"
import { useChat, useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { activity } from "../kept/parts.ts"
import { sendLater } from "../scheduling/parts.ts"
import { goToNeighbour, goToUnread } from "../sidebar/listed.ts"

export function useShortcuts(): void {
  const chat = useChat()
  const dialogs = useDialogs()
  const t = useWords()
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const modified = event.ctrlKey || event.metaKey
      // With more keys held down it is somebody else's shortcut, or a letter (AltGr is Ctrl and Alt).
      const plain = !event.altKey && !event.shiftKey
      // Where the letters are not Latin, the place of the key counts.
      if (modified && plain && /^(Key)?K$/i.test(event.key > "z" ? event.code : event.key)) {
        event.preventDefault()
        dialogs.show({ kind: "switcher" })
      } else if (event.altKey && !modified && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
        event.preventDefault()
        const go = event.shiftKey ? goToUnread : goToNeighbour
        go(chat, event.key === "ArrowUp" ? -1 : 1)
      } else if (event.altKey && event.shiftKey && !modified && event.code === "KeyM") {
        event.preventDefault()
        dialogs.show({ kind: "part", part: activity, title: t("activity") })
      } else if (event.altKey && event.shiftKey && !modified && event.code === "KeyL") {
        event.preventDefault()
        dialogs.show({ kind: "part", part: sendLater, title: t("scheduled.later") })
      } else if (isSlash(event) && !modified && !event.altKey && !isTyping(event.target)) {
        event.preventDefault()
        if (dialogs.open === null) dialogs.show({ kind: "search" })
      } else if (event.key === "?" && !modified && !isTyping(event.target)) {
        event.preventDefault()
        dialogs.show({ kind: "shortcuts" })
      }
    }
    addEventListener("keydown", onKey)
    return () => removeEventListener("keydown", onKey)
  }, [chat, dialogs, t])
}

/** Where the letters are Cyrillic, the full stop is at its place. */
function isSlash({ key, code }: KeyboardEvent): boolean {
  return key === "/" || (key === "." && code === "Slash")
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null
}
