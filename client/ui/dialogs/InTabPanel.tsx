/** What an open tab does about news on this device: a sound, and notices, which the browser has to permit. */
import { useState } from "react"
import { isOn, type Means, turn } from "../../browser/inTab.ts"
import { chime } from "../../push/chime.ts"
import { useApp } from "../context.ts"

type Permission = NotificationPermission | "unsupported"

const permissionNow = (): Permission => globalThis.Notification?.permission ?? "unsupported"

export function InTabPanel() {
  const { ports, t } = useApp()
  const [sound, setSound] = useState(() => isOn(ports.shelf, "sound"))
  const [notices, setNotices] = useState(() => isOn(ports.shelf, "notices"))
  const [permission, setPermission] = useState(permissionNow)
  const choose = (means: Means, on: boolean) => {
    turn(ports.shelf, means, on)
    if (means === "sound") setSound(on)
    else setNotices(on)
  }
  const askFor = async () => {
    choose("notices", true)
    if (permissionNow() === "default") await Notification.requestPermission().catch(() => undefined)
    setPermission(permissionNow())
  }
  const shows = notices && permission === "granted"
  return (
    <section>
      <h3 className="settings__heading">{t("inTab")}</h3>
      <div className="form">
        <label className="check">
          <input
            type="checkbox"
            checked={sound}
            onChange={({ currentTarget: { checked } }) => {
              choose("sound", checked)
              if (checked) chime()
            }}
          />
          <span>{t("inTab.sound")}</span>
        </label>
        {permission !== "unsupported" && (
          <label className="check">
            <input
              type="checkbox"
              checked={shows}
              disabled={permission === "denied"}
              onChange={({ currentTarget: { checked } }) => void (checked ? askFor() : choose("notices", false))}
            />
            <span>{t("inTab.notices")}</span>
          </label>
        )}
        <p className="field__hint">{t(permission === "denied" ? "push.denied" : "inTab.hint")}</p>
      </div>
    </section>
  )
}
