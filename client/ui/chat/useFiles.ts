/** Files that are dropped or pasted: they cannot be sent yet, and the browser must not open them in place of the chat. */
import { useEffect } from "react"
import { useChat } from "../context.ts"

const FIELDS = "input, textarea, [contenteditable]"

export function useFiles(): void {
  const chat = useChat()
  useEffect(() => {
    const takes = ({ target, dataTransfer }: DragEvent) =>
      !dataTransfer?.types.includes("Files") && target instanceof Element && target.closest(FIELDS) !== null
    // Text may be dropped into a field; anything else would lead away from the page.
    const onDrag = (event: DragEvent) => {
      if (!takes(event)) event.preventDefault()
    }
    const onDrop = (event: DragEvent) => {
      onDrag(event)
      if (event.dataTransfer?.types.includes("Files")) chat.notify("no_files")
    }
    const onPaste = ({ clipboardData }: ClipboardEvent) => {
      // A table comes as a picture, too: its text is what is wanted.
      const { files, types } = clipboardData ?? new DataTransfer()
      if (files.length > 0 && !types.includes("text/plain")) chat.notify("no_files")
    }
    addEventListener("dragover", onDrag)
    addEventListener("drop", onDrop)
    addEventListener("paste", onPaste)
    return () => {
      removeEventListener("dragover", onDrag)
      removeEventListener("drop", onDrop)
      removeEventListener("paste", onPaste)
    }
  }, [chat])
}
