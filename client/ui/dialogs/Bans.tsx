/** Whom admins keep out, and a way to let them in again. Nothing is shown where nobody is banned. */
import { useCallback, useEffect, useState } from "react"
import { type Ban, bansIn } from "../../core/bans.ts"
import { useChat, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { NotLoaded } from "../kit/NotLoaded.tsx"

export function Bans() {
  const t = useWords()
  const chat = useChat()
  const [bans, setBans] = useState<readonly Ban[] | null>([])
  const load = useCallback(async () => {
    const answer = await chat.ask({ type: "bans" })
    setBans("bans" in answer ? bansIn(answer.bans) : null)
  }, [chat])
  useEffect(() => void load(), [load])
  const lift = async (id: string) => {
    const code = await chat.change({ type: "ban.lift", id })
    if (code !== null) chat.showNotice(code)
    await load()
  }
  if (bans?.length === 0) return null
  return (
    <section>
      <h3 className="settings__heading">{t("bans")}</h3>
      {bans === null && <NotLoaded text={t("devices.failed")} onRetry={() => void load()} />}
      <ul className="devices">
        {bans?.map(({ id, name, at }) => (
          <li key={id} className="device">
            <div className="device__words">
              <bdi className="device__name">{name}</bdi>
              <span className="device__seen">{t.moment(at)}</span>
            </div>
            <Button small onClick={() => void lift(id)} label={t("ban.liftName", { name })}>
              {t("ban.lift")}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
