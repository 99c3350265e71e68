/** Text in which members are named: their names stand out, one's own most. */
import { mentionSpans } from "../../core/words.ts"
import { useChatState } from "../context.ts"

export function Mentioned({ text, mentions }: { text: string; mentions: readonly string[] }) {
  const members = useChatState(({ room }) => room.members)
  const me = useChatState(({ room }) => room.me.id)
  const named = mentions.flatMap((id) => members[id] ?? [])
  let at = 0
  const parts = mentionSpans(text, named).flatMap(({ start, end, id }) => {
    const before = text.slice(at, start)
    at = end
    return [
      before,
      <span key={start} className={id === me ? "mention mention--me" : "mention"}>
        {text.slice(start, end)}
      </span>,
    ]
  })
  return (
    <>
      {parts}
      {text.slice(at)}
    </>
  )
}
