/** What will go with the message that is being written: each can be taken out, and pictures described. */
import { useState } from "react"
import type { Files, Picked } from "../../core/files/types.ts"
import { useChat, useChatState, useWatched, useWords } from "../context.ts"
import { sendingOf } from "./attach.ts"
import { useFiles } from "./engine.ts"
import { PickedDetails } from "./PickedDetails.tsx"
import { isPicture, PickedItem } from "./PickedItem.tsx"

interface TrayProps {
  readonly channel: string
}

export function Tray({ channel }: TrayProps) {
  const engine = useFiles()
  return engine && <Items engine={engine} channel={channel} />
}

const NONE: readonly Picked[] = []

function Items({ engine, channel }: TrayProps & { readonly engine: Files }) {
  const t = useWords()
  const { attachments } = engine
  const picked = useWatched(attachments.store, (all) => all[channel] ?? NONE)
  const [open, setOpen] = useState<string | null>(null)
  const shown = picked.find(({ id }) => id === open)
  if (picked.length === 0) return null
  return (
    <section className="tray" aria-label={t("files.tray")}>
      <ul className="tray__items">
        {picked.map((item) => (
          <PickedItem
            key={item.id}
            item={item}
            expanded={item.id === open}
            onOpen={isPicture(item) ? () => setOpen(item.id === open ? null : item.id) : null}
            onRemove={() => attachments.remove(channel, item.id)}
          />
        ))}
      </ul>
      {shown !== undefined && (
        <PickedDetails
          key={shown.id}
          item={shown}
          onDescribe={(alt) => attachments.describe(channel, shown.id, alt)}
          onOriginal={(on) => attachments.chooseOriginal(channel, shown.id, on)}
          onClose={() => setOpen(null)}
        />
      )}
      {picked.some(({ mayHoldPersonalData }) => mayHoldPersonalData) && (
        <p className="tray__line">{t("files.personalData")}</p>
      )}
      <State channel={channel} picked={picked} />
    </section>
  )
}

/** How far it is. It is always there, so that what appears in it is said aloud. */
function State({ channel, picked }: TrayProps & { readonly picked: readonly Picked[] }) {
  const t = useWords()
  const most = useChatState(({ room }) => room.limits.files)
  const isGoing = useWatched(sendingOf(useChat()), (channels) => channels.has(channel))
  const failed = picked.filter(({ stage }) => stage === "failed").length
  const preparing = picked.filter(({ stage }) => stage === "preparing").length
  const count = picked.length
  const words =
    failed > 0
      ? t("files.failed", { count: failed })
      : preparing > 0
        ? t(isGoing ? "files.preparingToSend" : "files.preparing", { done: count - preparing, count })
        : count > most
          ? t("files.several", { count: Math.ceil(count / most) })
          : ""
  return (
    <p className={failed > 0 ? "tray__line tray__line--trouble" : "tray__line"} role="status">
      {words === "" ? (
        <span className="for-listeners">{t("files.ready", { count })}</span>
      ) : (
        <span key={words}>{words}</span>
      )}
    </p>
  )
}
