/** Notifications on this device: what keeps them away, or the switch for them and a try. */
import { useCallback, useEffect, useState } from "react"
import { type PushState, pushState, turnOff, turnOn } from "../../push/device.ts"
import { useApp, useChat, useChatState } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { refusalWords } from "../refusalWords.ts"

export function NotificationsPanel() {
  const { entrance, t } = useApp()
  const chat = useChat()
  const { room } = entrance
  const member = useChatState((state) => state.room.me.id)
  const [state, setState] = useState<PushState | null>(null)
  const [outcome, setOutcome] = useState("")
  const become = useCallback(
    (change: (room: string, member: string) => Promise<PushState>) => {
      setOutcome("")
      void change(room, member).then(setState)
    },
    [room, member],
  )
  useEffect(() => become(pushState), [become])
  const test = async () => {
    const refusal = await chat.change({ type: "push.test" })
    if (refusal === null) setOutcome(t("push.sent"))
    else setOutcome(refusal === "not_found" ? t("push.lost") : refusalWords(t, refusal))
  }
  const on = state === "on"
  return (
    <section>
      <h3 className="settings__heading">{t("push.here")}</h3>
      <div className="form">
        <p aria-live="polite">{t(state === null ? "loading" : `push.${state}`)}</p>
        <div className="form__buttons">
          <output>{outcome}</output>
          {state === "failed" && <Button onClick={() => become(pushState)}>{t("retry")}</Button>}
          {on && <Button onClick={() => void test()}>{t("push.test")}</Button>}
          {(on || state === "off") && (
            <Button kind={on ? "plain" : "primary"} onClick={() => become(on ? turnOff : turnOn)}>
              {t(on ? "push.turnOff" : "push.turnOn")}
            </Button>
          )}
        </div>
      </div>
    </section>
  )
}
