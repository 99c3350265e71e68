/** The room in figures. How they are shown is downloaded when an admin asks for it. */
import { type ReactNode, useCallback, useEffect, useState } from "react"
import { useChat, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"

export function StatsDialog({ onClose }: { onClose: () => void }) {
  const t = useWords()
  const chat = useChat()
  const [shown, setShown] = useState<ReactNode>(null)
  const [failed, setFailed] = useState(false)
  const load = useCallback(async () => {
    const [answer, figures] = await Promise.all([chat.stats(), import("./Figures.tsx").catch(() => null)])
    setFailed(!answer.ok || figures === null)
    if (answer.ok && figures !== null) setShown(<figures.Figures stats={answer.value} />)
  }, [chat])
  useEffect(() => void load(), [load])
  return (
    <Dialog title={t("stats")} onClose={onClose} wide>
      {failed ? <p role="alert">{t("stats.failed")}</p> : (shown ?? <p>{t("loading")}</p>)}
      <div className="form__buttons">
        <Button onClick={() => void load()}>{t("stats.refresh")}</Button>
      </div>
    </Dialog>
  )
}
