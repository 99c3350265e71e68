/** What the member has saved, newest first, in any channel. */
import { BookmarkX } from "lucide"
import { useCallback, useEffect, useState } from "react"
import { fetchSaved, type Saved } from "../../core/kept.ts"
import { placeOf } from "../../core/saved.ts"
import { learnSaved, setSaved } from "../../core/saving.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { channelName } from "../sidebar/ChannelSign.tsx"
import { Foot, type Stage } from "./Foot.tsx"
import { KeptMessage } from "./KeptMessage.tsx"

export function SavedDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useWords()
  const chat = useChat()
  const channels = useChatState(({ room }) => room.channels)
  const places = useChatState((state) => state.saved)
  const { saved, stage, more, load } = useSaved()
  useEffect(() => void learnSaved(chat), [chat])
  const shown = saved.filter(({ message }) => message.channel in channels && places?.has(placeOf(message)) !== false)
  return (
    <Dialog title={t("saved")} wide onClose={onClose}>
      <ul>
        {shown.map(({ message }) => (
          <KeptMessage
            key={placeOf(message)}
            message={message}
            about={`${channels[message.channel]?.kind === "open" ? "#" : ""}${channelName(t, channels[message.channel])}`}
            onOpen={() => {
              onClose()
              chat.open(message.channel, message.seq)
            }}
          >
            <IconButton
              icon={BookmarkX}
              className="hit__fold"
              name={t("message.unsave")}
              onClick={() => void setSaved(chat, message, false)}
            />
          </KeptMessage>
        ))}
      </ul>
      <Foot stage={stage} isEmpty={shown.length === 0} nothing={t("kept.noSaved")} onRetry={load} />
      {stage === "ready" && more && <Button onClick={load}>{t("kept.more")}</Button>}
    </Dialog>
  )
}

function useSaved() {
  const chat = useChat()
  const [saved, setShown] = useState<readonly Saved[]>([])
  const [stage, setStage] = useState<Stage>("loading")
  const [more, setMore] = useState(false)
  const load = useCallback(
    async (before: number | null) => {
      setStage("loading")
      const page = await fetchSaved(chat, before)
      setStage(page === null ? "failed" : "ready")
      if (page === null) return
      setShown((former) => (before === null ? page.messages : [...former, ...page.messages]))
      setMore(page.more)
    },
    [chat],
  )
  useEffect(() => void load(null), [load])
  return { saved, stage, more, load: () => void load(saved.at(-1)?.at ?? null) }
}
