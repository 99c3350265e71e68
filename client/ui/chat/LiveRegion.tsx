/** Reads new messages of the open channel to those who listen; never the history, and at most one in a while. */
import { useEffect, useRef, useState } from "react"
import { plainText } from "../../core/markdown.ts"
import { nameOf } from "../../core/room.ts"
import { useChat, useChatState, useWords } from "../context.ts"

const PAUSE_MS = 1_500

export function LiveRegion() {
  const t = useWords()
  const chat = useChat()
  const heard = useChatState((state) => state.heard)
  const [words, setWords] = useState("")
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  useEffect(() => {
    if (heard === null || timer.current !== null) return
    timer.current = setTimeout(() => {
      timer.current = null
      const { room, heard: latest } = chat.store.get()
      if (latest === null) return
      const name = nameOf(room, latest.author) ?? t("member.gone")
      setWords(t("message.heard", { name, text: plainText(latest.body).slice(0, 200) }))
    }, PAUSE_MS)
  }, [chat, heard, t])
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current)
    },
    [],
  )
  return (
    <div className="for-listeners" role="log" aria-live="polite" aria-label={t("messages.heard")}>
      {words}
    </div>
  )
}
