/** The state of the line in a few words; always there, so that nobody has to wonder. Above the messages it can be pressed. */
import { useChat, useChatState, useWords } from "../context.ts"
import { useWait } from "../login/useWait.ts"

export function ConnectionBadge({ pressable = false }: { pressable?: boolean }) {
  const t = useWords()
  const chat = useChat()
  const connection = useChatState((state) => state.connection)
  const seconds = useWait(connection.status === "waiting" ? connection.retry_at : null)
  const waiting = connection.status === "waiting" && seconds > 0
  const status = connection.status === "waiting" && !waiting ? "connecting" : connection.status
  const words = waiting ? t("connection.waiting", { count: seconds }) : t(`connection.${status}`)
  return (
    <span className={`connection connection--${status}`}>
      <span className="connection__dot" aria-hidden="true" />
      <span key={words} className="connection__words" aria-live={waiting ? "off" : undefined}>
        {words}
      </span>
      {pressable && (waiting || status === "offline") && (
        <button className="connection__now" type="button" onClick={chat.wake}>
          {t("connection.now")}
        </button>
      )}
    </span>
  )
}
