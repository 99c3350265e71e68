/** A new version is ready; when to load it is for the member to say. */
import { useEffect, useState, useSyncExternalStore } from "react"
import { updates, watchForUpdates } from "../browser/updates.ts"
import { useWords } from "./context.ts"
import { Button } from "./kit/Button.tsx"

export function UpdatePrompt() {
  const t = useWords()
  const ready = useSyncExternalStore(updates.subscribe, updates.isReady)
  useEffect(watchForUpdates, [])
  const [later, setLater] = useState(false)
  if (!ready || later) return null
  return (
    <div className="update-prompt" role="status">
      <span>{t("update.ready")}</span>
      <Button kind="primary" small onClick={updates.install}>
        {t("update.now")}
      </Button>
      <Button kind="quiet" small onClick={() => setLater(true)}>
        {t("update.later")}
      </Button>
    </div>
  )
}
