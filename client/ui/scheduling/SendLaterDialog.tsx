/** When what is written is to be sent: a proposal, or a date and a time. */
import { type FormEvent, useRef, useState } from "react"
import { momentOf, proposals, scheduleDraft } from "../../core/scheduling.ts"
import { isEmpty } from "../../core/visible.ts"
import { useNote } from "../composer/useNote.ts"
import { useApp, useChat, useChatState, useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { useNow } from "../kit/useNow.ts"
import { useQuoted } from "../message/useQuoted.ts"
import { refusalWords } from "../refusalWords.ts"
import { scheduled } from "./parts.ts"
import { When } from "./When.tsx"

const LOST = "unreachable"

export function SendLaterDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useWords()
  const dialogs = useDialogs()
  const channel = useChatState(({ opened }) => opened?.channel ?? "")
  const count = useChatState((state) => state.scheduled.waiting + state.scheduled.failed)
  const [draft] = useNote(`draft:${channel}`)
  const [files] = useNote(`files:${channel}`)
  const nothing = files !== "" ? t("scheduling.noFiles") : isEmpty(draft) ? t("scheduling.nothing") : null
  return (
    <Dialog title={t("scheduled.later")} onClose={onClose}>
      {nothing === null ? <Times channel={channel} onDone={onClose} /> : <p>{nothing}</p>}
      {count > 0 && (
        <Button kind="quiet" onClick={() => dialogs.show({ kind: "part", part: scheduled, title: t("scheduled") })}>
          {t("scheduled")}
        </Button>
      )}
    </Dialog>
  )
}

function Times({ channel, onDone }: { readonly channel: string; readonly onDone: () => void }) {
  const t = useWords()
  const now = useNow(60_000)
  const { busy, refusal, schedule } = useScheduling(channel, onDone)
  const times = proposals(now)
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const at = momentOf(String(given.get("date")), String(given.get("time")))
    if (at !== null) void schedule(at)
  }
  return (
    <>
      <ul className="later">
        {times.map((at, place) => (
          <li key={at}>
            <button className="jump__item" type="button" disabled={busy} onClick={() => void schedule(at)}>
              <span>{place === 0 ? t("scheduling.hour") : t.day(at, now)}</span>
              <span className="jump__day">{t.time(at)}</span>
            </button>
          </li>
        ))}
      </ul>
      <form className="later__when" onSubmit={onSubmit}>
        <When at={times[1] ?? now} now={now} />
        <Button type="submit" kind="primary" busy={busy}>
          {t("scheduling.set")}
        </Button>
      </form>
      <p className="field__error later__refusal" role="alert">
        {refusal !== null && <span key={refusal}>{refusalWords(t, refusal, "scheduling")}</span>}
      </p>
    </>
  )
}

function useScheduling(channel: string, onDone: () => void) {
  const t = useWords()
  const { ports } = useApp()
  const chat = useChat()
  const [reply] = useNote(`reply:${channel}`)
  const [seq, replied] = reply === "" ? [] : reply.split(" ")
  const quoted = useQuoted(channel, replied ?? null, seq === undefined ? null : Number(seq))
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const asked = useRef<string | null>(null)
  const schedule = async (at: number) => {
    if (busy) return
    setBusy(true)
    setRefusal(null)
    const gone = quoted === null || quoted?.state === "deleted"
    const replyTo = replied === undefined || gone ? null : { id: replied, seq: Number(seq) }
    const id = asked.current ?? ports.uuid()
    const refused = await scheduleDraft(chat, id, channel, replyTo, at, asked.current !== null)
    // Without an answer the room may have it: asking again must not make two of it.
    asked.current = refused === LOST ? id : null
    setBusy(false)
    setRefusal(refused)
    if (refused !== null) return
    const now = chat.clock.now()
    chat.showNotice("scheduled", `${t.day(at, now)}, ${t.time(at)}`)
    onDone()
  }
  return { busy, refusal, schedule }
}
