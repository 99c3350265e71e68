/** Files that are dropped or pasted cannot be sent yet; a notice says so. */
import { useEffect } from "react"
import { hasFiles } from "../../browser/drops.ts"
import { useChat } from "../context.ts"

export function useFiles(): void {
  const chat = useChat()
  useEffect(() => {
    const onDrop = ({ dataTransfer }: DragEvent) => {
      if (hasFiles(dataTransfer)) chat.showNotice("no_files")
    }
    const onPaste = ({ clipboardData }: ClipboardEvent) => {
      // A table comes as a picture, too: its text is what is wanted.
      const { files, types } = clipboardData ?? new DataTransfer()
      if (files.length > 0 && !types.includes("text/plain")) chat.showNotice("no_files")
    }
    addEventListener("drop", onDrop)
    addEventListener("paste", onPaste)
    return () => {
      removeEventListener("drop", onDrop)
      removeEventListener("paste", onPaste)
    }
  }, [chat])
}
