/** How far a message with files is, for eyes and, every ten per cent, for ears; and a way to call it off. */
import { Clock3 } from "lucide"
import type { FileInfo, Files } from "../../core/files/types.ts"
import { useChat, useChatState, useWatched, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Icon } from "../kit/Icon.tsx"
import { percent } from "./sizes.ts"

interface SendingProps {
  readonly engine: Files
  readonly message: string
  readonly files: readonly FileInfo[]
}

export function Sending({ engine, message, files }: SendingProps) {
  const t = useWords()
  const chat = useChat()
  const live = useChatState(({ connection }) => connection.status === "live")
  const tenths = useWatched(engine.transfers.store, (all) => {
    const ways = files.map(({ id, size }) => all[id] ?? { sent: 0, total: size })
    const sum = (what: "sent" | "total") => ways.reduce((total, way) => total + way[what], 0)
    return Math.floor((10 * sum("sent")) / Math.max(sum("total"), 1)) / 10
  })
  const words = live ? t("files.sending", { part: percent(t, tenths) }) : t("outgoing.offline")
  const cancel = () => {
    const { channel, body } = chat.store.get().outgoing.find(({ id }) => id === message) ?? {}
    engine.transfers.cancel(message)
    // What was typed may be wanted still.
    if (channel !== undefined && body && chat.notes.get(`draft:${channel}`) === "")
      chat.notes.set(`draft:${channel}`, body)
  }
  return (
    <p className="message__pending sending">
      <Icon of={Clock3} /> <span role="status">{words}</span>
      <Button small kind="quiet" onClick={cancel}>
        {t("cancel")}
      </Button>
    </p>
  )
}
