/** Who thinks what of a message; a press joins in or takes it back. */
import type { Said } from "../../core/protocol.ts"
import { nameOf } from "../../core/room.ts"
import { useChat, useChatState, useWords } from "../context.ts"

export function Reactions({ message }: { message: Said }) {
  const t = useWords()
  const entries = Object.entries(message.reactions).filter(([, members]) => members.length > 0)
  if (entries.length === 0) return null
  return (
    <ul className="reactions" aria-label={t("reactions")}>
      {entries.map(([emoji, members]) => (
        <li key={emoji}>
          <Reaction message={message} emoji={emoji} members={members} />
        </li>
      ))}
    </ul>
  )
}

interface ReactionProps {
  readonly message: Said
  readonly emoji: string
  readonly members: readonly string[]
}

function Reaction({ message, emoji, members }: ReactionProps) {
  const t = useWords()
  const chat = useChat()
  const me = useChatState(({ room }) => room.me.id)
  const names = useChatState(({ room }) => members.map((id) => nameOf(room, id) ?? t("member.gone")).join(", "))
  const mine = members.includes(me)
  return (
    <button
      className={mine ? "reaction reaction--mine" : "reaction"}
      type="button"
      aria-pressed={mine}
      title={names}
      onClick={() => chat.react(message, emoji)}
    >
      <span>{emoji}</span>
      <span>{t.number(members.length)}</span>
    </button>
  )
}
