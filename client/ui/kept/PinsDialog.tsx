/** The pinned messages of the open channel, newest pin first. */
import { PinOff } from "lucide"
import { useCallback, useEffect, useState } from "react"
import { isClosed } from "../../core/closed.ts"
import { fetchPins, type Pinned } from "../../core/kept.ts"
import { setPinned } from "../../core/pinning.ts"
import { nameOf } from "../../core/room.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { Dialog } from "../kit/Dialog.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { Foot, type Stage } from "./Foot.tsx"
import { KeptMessage } from "./KeptMessage.tsx"

const NONE: readonly number[] = []

export function PinsDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useWords()
  const chat = useChat()
  const channel = useChatState(({ opened }) => opened?.channel ?? "")
  const room = useChatState((state) => state.room)
  const present = room.timelines[channel]?.pinned ?? NONE
  const { pins, stage, load } = usePins(channel, present)
  const where = room.channels[channel]
  const closed = where === undefined || isClosed(room, where)
  const shown = pins.filter(({ message }) => present.includes(message.seq))
  return (
    <Dialog title={t("pins")} wide onClose={onClose}>
      <ul>
        {shown.map(({ message, by }) => (
          <KeptMessage
            key={message.id}
            message={message}
            about={t("kept.pinnedBy", { name: nameOf(room, by) ?? t("member.gone") })}
            onOpen={() => {
              onClose()
              chat.open(channel, message.seq)
            }}
          >
            {!closed && (
              <IconButton
                icon={PinOff}
                className="hit__fold"
                name={t("message.unpin")}
                onClick={() => void setPinned(chat, message, false)}
              />
            )}
          </KeptMessage>
        ))}
      </ul>
      <Foot stage={stage} isEmpty={shown.length === 0} nothing={t("kept.noPins")} onRetry={load} />
    </Dialog>
  )
}

/** Asked for again when somebody pins another one. */
function usePins(channel: string, present: readonly number[]) {
  const chat = useChat()
  const [pins, setPins] = useState<readonly Pinned[]>([])
  const [stage, setStage] = useState<Stage>("loading")
  const load = useCallback(async () => {
    setStage("loading")
    const found = await fetchPins(chat, channel)
    if (found !== null) setPins(found)
    setStage(found === null ? "failed" : "ready")
  }, [chat, channel])
  const newest = present[0]
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new pin is the newest one
  useEffect(() => void load(), [load, newest])
  return { pins, stage, load: () => void load() }
}
