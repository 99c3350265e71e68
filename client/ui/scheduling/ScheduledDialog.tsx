/** What the member has scheduled, the first to be sent first: other text, other time, now or never. */
import { useCallback, useEffect, useState } from "react"
import { fetchScheduled, type Scheduled } from "../../core/scheduling.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { Foot, type Stage } from "../kept/Foot.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { ScheduledItem } from "./ScheduledItem.tsx"

export function ScheduledDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useWords()
  const { items, stage, load } = useScheduled()
  return (
    <Dialog title={t("scheduled")} wide onClose={onClose}>
      <ul className="later">
        {items.map((each) => (
          <ScheduledItem key={each.id} item={each} />
        ))}
      </ul>
      <Foot stage={stage} isEmpty={items.length === 0} nothing={t("scheduling.none")} onRetry={load} />
    </Dialog>
  )
}

/** Asked for again whenever the room says that something has changed. */
function useScheduled() {
  const chat = useChat()
  const changed = useChatState((state) => state.scheduled)
  const [items, setItems] = useState<readonly Scheduled[]>([])
  const [stage, setStage] = useState<Stage>("loading")
  const load = useCallback(async () => {
    setStage("loading")
    const found = await fetchScheduled(chat)
    if (found !== null) setItems(found)
    setStage(found === null ? "failed" : "ready")
  }, [chat])
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => void load(), [load, changed])
  return { items, stage, load: () => void load() }
}
