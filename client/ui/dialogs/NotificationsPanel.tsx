/** Notifications on this device: what keeps them away, or the switch for them and a try. */
import { useCallback, useEffect, useState } from "react"
import { type PushState, pushState, turnOff, turnOn } from "../../push/device.ts"
import { useApp, useChat, useChatState } from "../context.ts"
import { Button } from "../kit/Button.tsx"

export function NotificationsPanel() {
  const { entrance, t } = useApp()
  const chat = useChat()
  const { room } = entrance
  const member = useChatState((state) => state.room.me.id)
  const [state, setState] = useState<PushState | null>(null)
  const [busy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState("")
  const become = useCallback(async (next: Promise<PushState>) => {
    setOutcome("")
    setBusy(true)
    setState(await next)
    setBusy(false)
  }, [])
  useEffect(() => void become(pushState(room, member)), [become, room, member])
  const test = async () => {
    const refusal = await chat.change({ type: "push.test" })
    const key = `refused.${refusal}`
    if (refusal === null) setOutcome(t("push.sent"))
    else setOutcome(t(refusal === "not_found" ? "push.lost" : t.has(key) ? key : "refused.internal"))
  }
  return (
    <section className="form">
      <h3 className="settings__heading">{t("push.here")}</h3>
      <p>{t(state === null ? "loading" : `push.${state}`)}</p>
      <div className="form__buttons" aria-busy={busy}>
        <output>{outcome}</output>
        {state === "failed" && <Button onClick={() => void become(pushState(room, member))}>{t("retry")}</Button>}
        {state === "off" && (
          <Button kind="primary" busy={busy} onClick={() => void become(turnOn(room, member))}>
            {t("push.turnOn")}
          </Button>
        )}
        {state === "on" && <Button onClick={() => void test()}>{t("push.test")}</Button>}
        {state === "on" && <Button onClick={() => void become(turnOff(room, member))}>{t("push.turnOff")}</Button>}
      </div>
    </section>
  )
}
