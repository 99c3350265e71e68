/** The message that is answered: who and how it begins; a press goes there. */
import { CornerUpRight } from "lucide"
import { nameOf } from "../../core/room.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { Icon } from "../kit/Icon.tsx"
import { useQuoted } from "./useQuoted.ts"
import { wordsOf } from "./wordsOf.ts"

const SHOWN_CHARACTERS = 120

/** An answer, or one on its way. */
interface Answer {
  readonly channel: string
  readonly reply_to?: string | null
  readonly reply_seq?: number | null
}

export function Quote({ message }: { message: Answer }) {
  const t = useWords()
  const chat = useChat()
  const { channel, reply_to = null, reply_seq = null } = message
  const quoted = useQuoted(channel, reply_to, reply_seq)
  const author = useChatState(
    ({ room }) => quoted?.state === "said" && (quoted.shown_as["name"] ?? nameOf(room, quoted.author)),
  )
  const words = quoted?.state === "said" ? wordsOf(t, quoted).slice(0, SHOWN_CHARACTERS) : null
  return (
    <button
      className="quote"
      type="button"
      disabled={reply_seq === null || words === null}
      onClick={() => reply_seq !== null && chat.open(channel, reply_seq)}
    >
      <Icon of={CornerUpRight} />
      {quoted?.state === "said" && <span className="quote__author">{author ?? t("member.gone")}</span>}
      <span key={words} className="quote__words">
        {words ?? t(quoted === undefined ? "messages.loading" : "message.deleted")}
      </span>
    </button>
  )
}
