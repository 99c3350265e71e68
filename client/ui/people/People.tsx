/** The panel of people beside the messages; the list in it is downloaded when it is first opened. */
import { X } from "lucide"
import { isLane } from "../../core/room.ts"
import { useChatState, useWords } from "../context.ts"
import { people } from "../dialogs/parts.ts"
import { IconButton } from "../kit/IconButton.tsx"
import { Lazy } from "../kit/Lazy.tsx"
import { useEscape } from "../kit/useEscape.ts"
import { inLane } from "../lanes/parts.ts"

export function People({ onClose }: { onClose: () => void }) {
  const t = useWords()
  useEscape(true, onClose)
  const lane = useChatState(({ opened, room }) => {
    const channel = room.channels[opened?.channel ?? ""]
    return channel && isLane(channel) ? channel : null
  })
  return (
    <aside className="people" aria-label={t("people")}>
      <header className="people__header">
        <h2 className="people__title">{t("people")}</h2>
        <IconButton icon={X} name={t("close")} onClick={onClose} />
      </header>
      {lane === null ? <Lazy part={people} props={{}} /> : <Lazy part={inLane} props={{ channel: lane }} />}
    </aside>
  )
}
