/** A message that is answered: undefined until it is known, null when it is gone. */
import { useEffect } from "react"
import type { Message } from "../../core/protocol.ts"
import { held } from "../../core/timeline.ts"
import { useChat, useChatState } from "../context.ts"

export function useQuoted(channel: string, id: string | null, seq: number | null): Message | null | undefined {
  const chat = useChat()
  const quoted = useChatState(({ room, quotes }) => held(room.timelines[channel], id) ?? quotes[id ?? ""])
  useEffect(() => {
    if (quoted === undefined && id !== null && seq !== null) chat.quote(channel, id, seq)
  }, [chat, quoted, channel, id, seq])
  return quoted
}
