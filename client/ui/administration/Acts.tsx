/** What admins have done, newest first, page by page. */
import { useCallback, useEffect, useState } from "react"
import { type Act, fetchActs } from "../../core/administration.ts"
import { useChat, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { NotLoaded } from "../kit/NotLoaded.tsx"
import { useThere } from "../kit/useThere.ts"
import { changeWords, wordsOf } from "./actWords.ts"

export function Acts() {
  const t = useWords()
  const { acts, more, busy, failed, load } = useActs()
  return (
    <>
      <p className="field__hint">{t("admin.actsHint")}</p>
      {acts === null && !failed && <p role="status">{t("loading")}</p>}
      {acts?.length === 0 && <p>{t("admin.noActs")}</p>}
      <ol className="administration__acts">
        {acts?.map((act) => (
          <Item key={act.at} act={act} />
        ))}
      </ol>
      {failed && <NotLoaded text={t("devices.failed")} onRetry={load} />}
      {more && !failed && (
        <Button busy={busy} onClick={load}>
          {t("admin.olderActs")}
        </Button>
      )}
    </>
  )
}

function Item({ act }: { readonly act: Act }) {
  const t = useWords()
  return (
    <li className="administration__act">
      <span>
        <bdi className="device__name">{act.by?.name || t("admin.operator")}</bdi> {wordsOf(t, act)}
      </span>
      {act.changes.map((change) => (
        <span key={change.field} className="device__seen">
          {changeWords(t, change)}
        </span>
      ))}
      <time className="device__seen" dateTime={new Date(act.at).toISOString()}>
        {t.moment(act.at)}
      </time>
    </li>
  )
}

function useActs() {
  const chat = useChat()
  const there = useThere()
  const [acts, setActs] = useState<readonly Act[] | null>(null)
  const [more, setMore] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState(false)
  const last = acts?.at(-1)?.at ?? null
  const load = useCallback(
    async (before: number | null) => {
      setBusy(true)
      const page = await fetchActs(chat, before)
      if (!there.current) return
      setBusy(false)
      setFailed(page === null)
      if (page === null) return
      setActs((known) => (before === null ? page.acts : [...(known ?? []), ...page.acts]))
      setMore(page.more)
    },
    [chat, there],
  )
  useEffect(() => void load(null), [load])
  return { acts, more, busy, failed, load: () => void load(last) }
}
