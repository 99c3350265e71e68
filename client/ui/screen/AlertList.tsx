/** What has happened to the member's own name. It stays until they say that they have read it. */
import { OFFER } from "../../core/offer.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { Button } from "../kit/Button.tsx"
import { Lazy } from "../kit/Lazy.tsx"
import { offer } from "../recovery/parts.ts"

export function AlertList() {
  const t = useWords()
  const chat = useChat()
  const dialogs = useDialogs()
  const alerts = useChatState((state) => state.alerts)
  return alerts.map(({ id, kind, at }) => {
    if (id === OFFER) return <Lazy key={id} part={offer} props={{ required: kind !== OFFER }} />
    const key = `alert.${kind}`
    if (!t.has(key)) return null
    return (
      <div key={id} className="alert">
        <p className="alert__text">{t(key, { when: t.moment(at) })}</p>
        {(kind === "new_device" || kind === "credentials_ended") && (
          <Button small onClick={() => dialogs.show({ kind: "settings" })}>
            {t(kind === "new_device" ? "devices" : "settings")}
          </Button>
        )}
        <Button small kind="quiet" onClick={() => void chat.see(id)}>
          {t("alert.seen")}
        </Button>
      </div>
    )
  })
}
