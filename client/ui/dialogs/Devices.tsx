/** The member's devices, each with a way to sign it out. */
import { MonitorSmartphone, Smartphone } from "lucide"
import { useCallback, useEffect, useState } from "react"
import { type Device, endDevice, listDevices } from "../../core/devices.ts"
import { useApp, useChat, useWords } from "../context.ts"
import { deviceLink } from "../invites/parts.ts"
import { Button } from "../kit/Button.tsx"
import { Icon } from "../kit/Icon.tsx"
import { NotLoaded } from "../kit/NotLoaded.tsx"
import { useNow } from "../kit/useNow.ts"
import { useDialogs } from "./useDialogs.tsx"

export function Devices() {
  const { t, entrance } = useApp()
  const { api } = entrance
  const chat = useChat()
  const dialogs = useDialogs()
  const [devices, setDevices] = useState<readonly Device[] | null>(null)
  const [failed, setFailed] = useState(false)
  const load = useCallback(async () => {
    const answer = await listDevices(api)
    setFailed(!answer.ok)
    if (answer.ok) setDevices(answer.value)
  }, [api])
  useEffect(() => void load(), [load])
  const end = async (id: string) => {
    const answer = await endDevice(api, id)
    if (!answer.ok) chat.showNotice(answer.problem.code)
    await load()
  }
  return (
    <section>
      <h3 className="settings__heading">{t("devices")}</h3>
      {failed && <NotLoaded text={t("devices.failed")} onRetry={() => void load()} />}
      {devices === null && !failed && <p>{t("loading")}</p>}
      <ul className="devices">
        {devices?.map((device) => (
          <DeviceItem key={device.id} device={device} onEnd={() => void end(device.id)} />
        ))}
      </ul>
      <div className="form__buttons">
        <Button onClick={() => dialogs.show({ kind: "part", part: deviceLink, title: t("devices.link") })}>
          <Icon of={Smartphone} /> {t("devices.link")}
        </Button>
      </div>
    </section>
  )
}

function DeviceItem({ device, onEnd }: { device: Device; onEnd: () => void }) {
  const t = useWords()
  const now = useNow(60_000)
  const { agent, seen_at, current } = device
  return (
    <li className="device">
      <Icon of={MonitorSmartphone} />
      <div className="device__words">
        <span className="device__name">{agent || t("device.unknown")}</span>
        <span className="device__seen">
          {current ? t("device.current") : t("device.seen", { when: t.ago(seen_at, now) })}
        </span>
      </div>
      {!current && (
        <Button small onClick={onEnd}>
          {t("device.end")}
        </Button>
      )}
    </li>
  )
}
