/** What a message said before it was edited, newest first. */
import { useCallback, useEffect, useState } from "react"
import { type FormerText, fetchFormer } from "../../core/kept.ts"
import { useChat, useWords } from "../context.ts"
import { Dialog } from "../kit/Dialog.tsx"
import { MessageBody } from "../message/MessageContent.tsx"
import { Foot, type Stage } from "./Foot.tsx"

interface FormerDialogProps {
  readonly id: string
  readonly channel: string
  readonly onClose: () => void
}

const NOBODY: readonly string[] = []

export function FormerDialog({ id, channel, onClose }: FormerDialogProps) {
  const t = useWords()
  const chat = useChat()
  const now = chat.clock.now()
  const [texts, setTexts] = useState<readonly FormerText[]>([])
  const [stage, setStage] = useState<Stage>("loading")
  const load = useCallback(async () => {
    setStage("loading")
    const found = await fetchFormer(chat, id, channel)
    if (found !== null) setTexts(found)
    setStage(found === null ? "failed" : "ready")
  }, [chat, id, channel])
  useEffect(() => void load(), [load])
  return (
    <Dialog title={t("former")} wide onClose={onClose}>
      <ul className="media__list">
        {texts.map(({ body, at }) => (
          <li key={at}>
            <time className="hit__time">{`${t.day(at, now)}, ${t.time(at)}`}</time>
            <MessageBody body={body} mentions={NOBODY} edited={null} />
          </li>
        ))}
      </ul>
      <Foot stage={stage} isEmpty={texts.length === 0} nothing={t("kept.noFormer")} onRetry={() => void load()} />
    </Dialog>
  )
}
