/** How long the room keeps messages, and the way to how it looks, for admins. */
import type { FormEvent } from "react"
import { useChanged } from "../composer/useNote.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { roomLook } from "../profile/parts.ts"
import { RetentionField, toDays, toText } from "./RetentionField.tsx"
import { useDialogs } from "./useDialogs.tsx"

export function RoomRules() {
  const t = useWords()
  const dialogs = useDialogs()
  const chat = useChat()
  const retention = useChatState(({ room }) => room.retention_days)
  const [days, setDays, forget] = useChanged("room:days", toText(retention))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void chat.change({ type: "room.update", retention_days: toDays(days) }).then((code) => {
      if (code === null) forget()
      chat.showNotice(code ?? "saved")
    })
  }
  return (
    <form className="form" noValidate onSubmit={submit}>
      <h3 className="settings__heading">{t("room.rules")}</h3>
      <RetentionField label={t("retention.room")} value={days} onChange={setDays} />
      <div className="form__buttons">
        <Button onClick={() => dialogs.show({ kind: "part", part: roomLook, title: t("room.look") })}>
          {t("room.look")}
        </Button>
        <Button type="submit">{t("save")}</Button>
      </div>
    </form>
  )
}
