/** What the member has saved, newest first, in any channel. */
import { BookmarkX } from "lucide"
import { useCallback, useEffect } from "react"
import { fetchSaved } from "../../core/kept.ts"
import { placeOf } from "../../core/saved.ts"
import { learnSaved, setSaved } from "../../core/saving.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { Foot } from "./Foot.tsx"
import { KeptMessage, placeName } from "./KeptMessage.tsx"
import { usePages } from "./usePages.ts"

export function SavedDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useWords()
  const chat = useChat()
  const channels = useChatState(({ room }) => room.channels)
  const places = useChatState((state) => state.saved)
  const fetch = useCallback((before: number | null) => fetchSaved(chat, before), [chat])
  const { items, stage, more, load } = usePages(fetch)
  useEffect(() => void learnSaved(chat), [chat])
  const shown = items.filter(({ message }) => message.channel in channels && places?.has(placeOf(message)) !== false)
  return (
    <Dialog title={t("saved")} wide onClose={onClose}>
      <ul>
        {shown.map(({ message }) => (
          <KeptMessage
            key={placeOf(message)}
            message={message}
            about={placeName(t, channels[message.channel])}
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
      {more && <Button onClick={load}>{t("kept.more")}</Button>}
    </Dialog>
  )
}
