/** The room in figures, for admins. */

import { useCallback, useEffect, useState } from "react"
import { readStats, type Stats } from "../../core/stats.ts"
import { useApp, useChatState } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { Lazy } from "../kit/Lazy.tsx"
import { privateChannels } from "../lanes/parts.ts"
import { Bans } from "./Bans.tsx"
import { Figures } from "./Figures.tsx"
import { useAdminsOnly } from "./useAdminsOnly.ts"

export function StatsDialog({ onClose }: { onClose: () => void }) {
  const { t, entrance } = useApp()
  useAdminsOnly(onClose)
  const hasLanes = useChatState(({ room }) => room.hasLanes)
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
      {hasLanes && <Lazy part={privateChannels} props={{}} />}
      <Bans />
      {shown === null && !failed && <p>{t("loading")}</p>}
      <div className="form__buttons">
        <Button onClick={() => void load()}>{t("stats.refresh")}</Button>
      </div>
    </Dialog>
  )
}
