/** What one is notified of in a channel, and whether this device notifies at all. */
import { chooseLevel } from "../../core/levels.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { Choice } from "../kit/Choice.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { channelName } from "../sidebar/ChannelSign.tsx"
import { InTabPanel } from "./InTabPanel.tsx"
import { NotificationsPanel } from "./NotificationsPanel.tsx"

const LEVELS = ["usual", "all", "mentions", "none"] as const

export function NotifyDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useWords()
  const chat = useChat()
  const channel = useChatState(({ room }) => room.channels[id])
  const choose = (level: (typeof LEVELS)[number]) => void chooseLevel(chat, id, level === "usual" ? null : level)
  return (
    <Dialog title={t("notify", { name: channelName(t, channel) })} onClose={onClose}>
      <Choice
        label={t("notify.level")}
        options={LEVELS.map((level) => ({ id: level, name: t(`notify.${level}`) }))}
        value={channel?.notify ?? "usual"}
        onChange={choose}
      />
      <p className="field__hint">{t(channel?.kind === "direct" ? "notify.directHint" : "notify.hint")}</p>
      <NotificationsPanel />
      <InTabPanel />
    </Dialog>
  )
}
