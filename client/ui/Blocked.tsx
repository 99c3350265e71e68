/** No way in for now: the room does not exist, the server cannot be reached, the operator has something to set. */
import { useEffect, useState } from "react"
import { loadTexts } from "../i18n/load.ts"
import { useApp } from "./context.ts"
import { Button } from "./kit/Button.tsx"
import { Mark } from "./kit/Mark.tsx"
import { Scene } from "./kit/Scene.tsx"
import { Loading } from "./Loading.tsx"

export function Blocked({ code, title }: { code: string; title: string }) {
  const { t, entrance } = useApp()
  const [settled, setSettled] = useState(code === "unreachable")
  useEffect(() => {
    const done = () => setSettled(true)
    if (code !== "unreachable") void loadTexts("blocked").then(done, done)
  }, [code])
  const heading = `blocked.${code}.title`
  const text = `blocked.${code}.text`
  const retry = () => {
    // A screen itself did not load: its file is gone when there is a new version, which only a reload finds.
    if (entrance.store.get().stage === "blocked") void entrance.start()
    else location.reload()
  }
  if (!settled) return <Loading />
  return (
    <main className="blocked">
      <div className="blocked__card">
        {code === "not_found" ? <Scene of="mooring" /> : code === "unreachable" ? <Scene of="lighthouse" /> : <Mark />}
        <h1 className="blocked__title">{t.has(heading) ? t(heading) : t("blocked.unknown.title")}</h1>
        <p>{t.has(text) ? t(text, { room: entrance.room }) : t("blocked.unknown.text")}</p>
        {code === "misconfigured" && title !== "" && <p className="blocked__detail">{title}</p>}
        <Button kind="primary" onClick={retry}>
          {t("retry")}
        </Button>
      </div>
    </main>
  )
}
