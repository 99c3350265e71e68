/** Language, look, notifications, passkeys, own devices, the room's rules for admins, and the way out. */
import { ChartColumn, Download, Keyboard, Link, LogOut, Users } from "lucide"
import { clearExports } from "../../browser/exportFolder.ts"
import { passkeysWork } from "../../browser/passkeys.ts"
import { administration } from "../administration/parts.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { disturbPanel } from "../disturb/parts.ts"
import { exportRoom } from "../exporting/parts.ts"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { Icon } from "../kit/Icon.tsx"
import { Lazy } from "../kit/Lazy.tsx"
import { Preferences } from "../Preferences.tsx"
import { managePrograms } from "../programs/parts.ts"
import { ownName } from "../recovery/parts.ts"
import { Devices } from "./Devices.tsx"
import { InTabPanel } from "./InTabPanel.tsx"
import { NotificationsPanel } from "./NotificationsPanel.tsx"
import { passkeys } from "./passkeys.ts"
import { RoomRules } from "./RoomRules.tsx"
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
        <Lazy part={disturbPanel} props={{}} />
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
              <Button onClick={() => dialogs.show({ kind: "part", part: administration, title: t("administration") })}>
                <Icon of={Users} /> {t("administration")}
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
