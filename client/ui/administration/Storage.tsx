/** What the files of each channel take: open ones, private ones, and all conversations in one number. */
import { useChatState, useWords } from "../context.ts"
import { Lazy } from "../kit/Lazy.tsx"
import { NotLoaded } from "../kit/NotLoaded.tsx"
import { privateChannels } from "../lanes/parts.ts"
import { useDay } from "./useDay.ts"
import { useOverview } from "./useOverview.ts"

const MEGABYTE = 1_000_000

export function Storage() {
  const t = useWords()
  const day = useDay()
  const channels = useChatState(({ room }) => room.channels)
  const hasLanes = useChatState(({ room }) => room.hasLanes)
  const { overview, failed, load } = useOverview()
  const size = (bytes: number) => t("admin.megabytes", { size: t.number(Math.ceil(bytes / MEGABYTE)) })
  if (failed) return <NotLoaded text={t("devices.failed")} onRetry={load} />
  if (overview === null) return <p role="status">{t("loading")}</p>
  const { bytes, limit, open, more, other_bytes } = overview.storage
  return (
    <>
      <p>{t("admin.stored", { size: size(bytes), limit: size(limit) })}</p>
      <progress className="administration__bar" aria-hidden="true" max={Math.max(limit, 1)} value={bytes} />
      <section>
        <h3 className="settings__heading">{t("channels")}</h3>
        <ul className="devices">
          {open.map(({ id, messages, active_on, bytes: own }) => (
            <li key={id} className="device">
              <div className="device__words">
                <bdi className="device__name">{channels[id]?.name ?? ""}</bdi>
                <span className="device__seen">
                  {t("admin.messages", { count: messages })}{" "}
                  {active_on !== null && t("admin.activeOn", { day: day(active_on) })}
                </span>
              </div>
              <span className="administration__size">{size(own)}</span>
            </li>
          ))}
        </ul>
        {more && <p className="field__hint">{t("admin.moreChannels")}</p>}
      </section>
      {hasLanes && <Lazy part={privateChannels} props={{}} />}
      <p className="field__hint">{t("admin.others", { size: size(other_bytes) })}</p>
    </>
  )
}
