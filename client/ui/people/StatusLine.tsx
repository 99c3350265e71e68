/** What a member says of themselves, in full: in their card. */
import { useChat, useWords } from "../context.ts"
import { untilWords, useStatus } from "./useStatus.ts"

export function StatusLine({ member }: { member: string }) {
  const t = useWords()
  const { clock } = useChat()
  const status = useStatus(member)
  if (status === null) return null
  return (
    <p className="card__status">
      <span className="card__emoji">{status.emoji}</span>
      <span className="card__said">
        {status.text}{" "}
        {status.until !== null && (
          <span className="card__until">{t("lanes.until", { when: untilWords(t, status.until, clock.now()) })}</span>
        )}
      </span>
    </p>
  )
}
