/** The words in place of the composer where one only reads. */
import type { Channel } from "../../core/protocol.ts"
import { useChatState, useWords } from "../context.ts"

export function ClosedNote({ channel: { archived, members } }: { channel: Channel }) {
  const t = useWords()
  const isGuest = useChatState(({ room }) => !members.includes(room.me.id))
  const isOff = useChatState(({ room }) => room.direct_messages === "off")
  const here = isGuest ? "lanes.supervisedNote" : isOff ? "lanes.off" : "lanes.onlyAdmins"
  return <p className="channel__archived">{t(archived ? "channel.isArchived" : here)}</p>
}
