/** Files that are dragged onto the channel, or pasted, go into its composer; where they may land is shown. */
import { useEffect, useState } from "react"
import { createPortal } from "react-dom"
import { hasFiles } from "../../browser/drops.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { channelName } from "../sidebar/ChannelSign.tsx"
import { taking } from "./parts.ts"

/** While something is dragged, browsers say so several times a second. */
const STILL_MS = 600

export function DropTarget() {
  const t = useWords()
  const isOver = useDropping()
  const name = useChatState(({ opened, room }) => channelName(t, room.channels[opened?.channel ?? ""]))
  const place = isOver ? document.querySelector(".channel") : null
  return (
    place !== null &&
    createPortal(
      <div className="drop-target">
        <p className="drop-target__words">{t("drop.here", { name })}</p>
      </div>,
      place,
    )
  )
}

function useDropping(): boolean {
  const chat = useChat()
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const leave = () => {
      clearTimeout(timer)
      setOver(false)
    }
    const take = (dropped: readonly File[]) => {
      const { opened, room } = chat.store.get()
      // Nobody may write here.
      const isCovered = document.querySelector("dialog[open]") !== null
      if (opened === null || isCovered || document.querySelector(".composer") === null) return
      if (room.limits.file_bytes === 0) return chat.showNotice("no_files")
      void taking.load().then(
        ({ attach }) => attach(chat, opened.channel, dropped),
        () => chat.showNotice("unreachable"),
      )
    }
    const onDragOver = ({ dataTransfer, target }: DragEvent) => {
      if (!hasFiles(dataTransfer) || dataTransfer === null) return
      const lands = target instanceof Element && target.closest(".channel")?.querySelector(".composer") !== null
      dataTransfer.dropEffect = lands ? "copy" : "none"
      leave()
      if (!lands) return
      setOver(true)
      timer = setTimeout(leave, STILL_MS)
    }
    const onDrop = ({ dataTransfer, target }: DragEvent) => {
      leave()
      if (hasFiles(dataTransfer) && target instanceof Element && target.closest(".channel"))
        take([...(dataTransfer?.files ?? [])])
    }
    const onPaste = (event: ClipboardEvent) => {
      // A table comes as a picture, too: its text is what is wanted.
      const { files: pasted, types } = event.clipboardData ?? new DataTransfer()
      if (pasted.length === 0 || types.includes("text/plain")) return
      event.preventDefault()
      take([...pasted])
    }
    addEventListener("dragover", onDragOver)
    addEventListener("drop", onDrop)
    addEventListener("paste", onPaste)
    return () => {
      leave()
      removeEventListener("dragover", onDragOver)
      removeEventListener("drop", onDrop)
      removeEventListener("paste", onPaste)
    }
  }, [chat])
  return isOver
}
