/** What has happened to the member's own name. It stays until they say that they have read it. */
import { useChat, useChatState, useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { Button } from "../kit/Button.tsx"

export function AlertList() {
  const t = useWords()
  const chat = useChat()
  const dialogs = useDialogs()
  const alerts = useChatState((state) => state.alerts)
  return alerts.map(({ id, kind, at }) => {
    const key = `alert.${kind}`
    if (!t.has(key)) return null
    return (
      <div key={id} className="alert">
        <p className="alert__text">{t(key, { when: t.moment(at) })}</p>
        {kind === "new_device" && (
          <Button small onClick={() => dialogs.show({ kind: "settings" })}>
            {t("devices")}
          </Button>
        )}
        <Button small kind="quiet" onClick={() => void chat.see(id)}>
          {t("alert.seen")}
        </Button>
      </div>
    )
  })
}
