/** Language, look, notifications, passkeys, own devices, the room's rules for admins, and the way out. */
import { ChartColumn, Download, Keyboard, Link, LogOut } from "lucide"
import type { FormEvent } from "react"
import { clearExports } from "../../browser/exportFolder.ts"
import { passkeysWork } from "../../browser/passkeys.ts"
import { useChanged } from "../composer/useNote.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { exportRoom } from "../exporting/parts.ts"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { Icon } from "../kit/Icon.tsx"
import { Lazy } from "../kit/Lazy.tsx"
import { Preferences } from "../Preferences.tsx"
import { roomLook } from "../profile/parts.ts"
import { managePrograms } from "../programs/parts.ts"
import { ownName } from "../recovery/parts.ts"
import { Devices } from "./Devices.tsx"
import { InTabPanel } from "./InTabPanel.tsx"
import { NotificationsPanel } from "./NotificationsPanel.tsx"
import { passkeys } from "./passkeys.ts"
import { RetentionField, toDays, toText } from "./RetentionField.tsx"
import { useDialogs } from "./useDialogs.tsx"

export function SettingsDialog({ onClose }: { onClose: () => void }) {
  const t = useWords()
  const chat = useChat()
  const dialogs = useDialogs()
  const me = useChatState(({ room }) => room.me)
  const leave = async () => {
    await clearExports()
    await chat.leave()
  }
  return (
    <Dialog title={t("settings")} onClose={onClose} wide>
      <div className="settings">
        <Preferences />
        <NotificationsPanel />
        <InTabPanel />
        <Lazy part={ownName} props={{}} />
        {passkeysWork() && <Lazy part={passkeys} props={{}} />}
        <Devices />
        {me.role === "admin" && <RoomRules />}
        <div className="form__buttons">
          <Button onClick={() => dialogs.show({ kind: "shortcuts" })}>
            <Icon of={Keyboard} /> {t("shortcuts")}
          </Button>
          <Button onClick={() => dialogs.show({ kind: "part", part: exportRoom, title: t("export") })}>
            <Icon of={Download} /> {t("export")}
          </Button>
          {me.role === "admin" && (
            <>
              <Button onClick={() => dialogs.show({ kind: "part", part: managePrograms, title: t("programs") })}>
                <Icon of={Link} /> {t("programs")}
              </Button>
              <Button onClick={() => dialogs.show({ kind: "stats" })}>
                <Icon of={ChartColumn} /> {t("stats")}
              </Button>
            </>
          )}
          <Button kind="danger" onClick={() => void leave()}>
            <Icon of={LogOut} /> {t("leave")}
          </Button>
        </div>
        <p className="field__hint">{t(me.secured ? "leave.securedHint" : "leave.hint", { name: me.name })}</p>
      </div>
    </Dialog>
  )
}

function RoomRules() {
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
