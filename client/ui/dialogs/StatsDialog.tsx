/** The room in figures, for admins. */
import { useCallback, useEffect, useState } from "react"
import { readStats, type Stats } from "../../core/stats.ts"
import { useApp } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { Bans } from "./Bans.tsx"
import { Figures } from "./Figures.tsx"

export function StatsDialog({ onClose }: { onClose: () => void }) {
  const { t, entrance } = useApp()
  const [shown, setShown] = useState<Stats | null>(null)
  const [failed, setFailed] = useState(false)
  const load = useCallback(async () => {
    const answer = await readStats(entrance.api)
    setFailed(!answer.ok)
    if (answer.ok) setShown(answer.value)
  }, [entrance])
  useEffect(() => void load(), [load])
  return (
    <Dialog title={t("stats")} onClose={onClose} wide>
      {failed && <p role="alert">{t("stats.failed")}</p>}
      {shown !== null && !failed && <Figures stats={shown} />}
      <Bans />
      {shown === null && !failed && <p>{t("loading")}</p>}
      <div className="form__buttons">
        <Button onClick={() => void load()}>{t("stats.refresh")}</Button>
      </div>
    </Dialog>
  )
}
