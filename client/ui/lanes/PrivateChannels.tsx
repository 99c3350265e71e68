/** What admins see of private channels: what they are called, how many are in them, and how much they take. */
import { useCallback, useEffect, useState } from "react"
import { type PrivateChannel, privateChannelsIn } from "../../core/privateChannels.ts"
import { useChat, useWords } from "../context.ts"
import { ConfirmDialog } from "../dialogs/ConfirmDialog.tsx"
import { RetentionField, toDays } from "../dialogs/RetentionField.tsx"
import { Button } from "../kit/Button.tsx"
import { NotLoaded } from "../kit/NotLoaded.tsx"

const MEGABYTE = 1_000_000

export function PrivateChannels() {
  const t = useWords()
  const chat = useChat()
  const [lanes, setLanes] = useState<readonly PrivateChannel[] | null | undefined>(undefined)
  const [asked, setAsked] = useState<{ lane: PrivateChannel; what: "delete" | "keep" } | null>(null)
  const load = useCallback(async () => {
    const answer = await chat.ask({ type: "lanes" })
    setLanes("lanes" in answer ? privateChannelsIn(answer.lanes) : null)
  }, [chat])
  useEffect(() => void load(), [load])
  const done = () => {
    setAsked(null)
    void load()
  }
  if (lanes === undefined) return null
  return (
    <section>
      <h3 className="settings__heading">{t("lanes.list")}</h3>
      <p className="field__hint">{t("lanes.listHint")}</p>
      {lanes === null && <NotLoaded text={t("lanes.listFailed")} onRetry={() => void load()} />}
      {lanes?.length === 0 && <p>{t("lanes.listNone")}</p>}
      <ul className="devices">
        {lanes?.map((lane) => (
          <li key={lane.id} className="device">
            <div className="device__words">
              <bdi className="device__name">{lane.name}</bdi>
              <span className="device__seen">
                {t("lanes.listed", { count: lane.members, size: t.number(Math.ceil(lane.bytes / MEGABYTE)) })}{" "}
                {lane.active_on !== null && t("lanes.activeOn", { day: lane.active_on })}
              </span>
            </div>
            <Button
              small
              label={`${t("lanes.retention")}: ${lane.name}`}
              onClick={() => setAsked({ lane, what: "keep" })}
            >
              {t("lanes.retention")}
            </Button>
            <Button
              small
              kind="danger"
              label={t("lanes.deleteOne", { name: lane.name })}
              onClick={() => setAsked({ lane, what: "delete" })}
            >
              {t("channel.delete")}
            </Button>
          </li>
        ))}
      </ul>
      {asked?.what === "delete" && (
        <ConfirmDialog
          title={t("channel.deleteTitle", { name: asked.lane.name })}
          action={t("channel.delete")}
          onConfirm={() => chat.change({ type: "channel.delete", id: asked.lane.id })}
          onClose={done}
        >
          <p>{t("channel.deleteText")}</p>
        </ConfirmDialog>
      )}
      {asked?.what === "keep" && <Retention lane={asked.lane} onClose={done} />}
    </section>
  )
}

function Retention({ lane, onClose }: { lane: PrivateChannel; onClose: () => void }) {
  const t = useWords()
  const chat = useChat()
  const [days, setDays] = useState("")
  return (
    <ConfirmDialog
      title={lane.name}
      action={t("save")}
      onConfirm={() => chat.change({ type: "channel.update", id: lane.id, retention_days: toDays(days) })}
      onClose={onClose}
    >
      <RetentionField label={t("retention.channel")} value={days} onChange={setDays} />
      <p>{t("lanes.retentionTold")}</p>
    </ConfirmDialog>
  )
}
