/** One channel: its name, its messages, the place to write. */
import { useCallback, useMemo, useState } from "react"
import { isClosed } from "../../core/closed.ts"
import type { Channel } from "../../core/protocol.ts"
import type { ReplyTarget } from "../../core/speaking.ts"
import { Composer } from "../composer/Composer.tsx"
import { useNote } from "../composer/useNote.ts"
import { useChatState } from "../context.ts"
import { Lazy } from "../kit/Lazy.tsx"
import { Quiet } from "../kit/Quiet.tsx"
import { alerts } from "../parts.ts"
import { closedNote } from "../quiet.ts"
import { secureFirst } from "../recovery/parts.ts"
import { useLocked } from "../recovery/useLocked.ts"
import { Timeline } from "../timeline/Timeline.tsx"
import { TypingLine } from "../timeline/TypingLine.tsx"
import { ChannelHeader } from "./ChannelHeader.tsx"
import { LineBanner } from "./LineBanner.tsx"
import { useNarrow } from "./useNarrow.ts"

interface ChannelViewProps {
  /** The drawer lies over it. */
  readonly covered: boolean
  readonly onDrawer: () => void
  readonly people: boolean
  readonly onPeople: () => void
}

export function ChannelView({ covered, ...props }: ChannelViewProps) {
  const narrow = useNarrow()
  const alerted = useChatState((state) => state.alerts.length > 0)
  const channel = useChatState(({ opened, room }) => (opened === null ? undefined : room.channels[opened.channel]))
  return (
    <main className="channel" inert={covered && narrow}>
      <ChannelHeader channel={channel} {...props} />
      <LineBanner />
      <div className="alerts" role="status">
        {alerted && <Lazy part={alerts} props={{}} />}
      </div>
      {channel === undefined ? (
        <div className="channel__nothing" />
      ) : (
        <Conversation key={channel.id} channel={channel} />
      )}
    </main>
  )
}

/** What somebody has begun in one channel: an answer, a message being edited. Both wait there like drafts. */
function Conversation({ channel }: { channel: Channel }) {
  const closed = useChatState(({ room }) => isClosed(room, channel))
  const locked = useLocked()
  const [reply, setReply] = useNote(`reply:${channel.id}`)
  const [editing, setEditing] = useNote(`editing:${channel.id}`)
  // An edit that waited does not take the focus; one that is begun does.
  const [begun, setBegun] = useState(false)
  const onReply = useCallback(
    (message: ReplyTarget | null) => setReply(message === null ? "" : `${message.seq} ${message.id}`),
    [setReply],
  )
  const onEditing = useCallback(
    (message: string | null) => {
      setBegun(true)
      setEditing(message ?? "")
    },
    [setEditing],
  )
  const replyTo = useMemo(() => {
    const [, seq, id] = /^(\d+) (.+)$/.exec(reply) ?? []
    return id === undefined ? null : { id, seq: Number(seq) }
  }, [reply])
  return (
    <>
      <Timeline channel={channel} onReply={onReply} editing={editing} begun={begun} onEditing={onEditing} />
      <TypingLine channel={channel.id} />
      {closed ? (
        <Quiet part={closedNote} props={{ channel }} />
      ) : locked ? (
        <Lazy part={secureFirst} props={{}} />
      ) : (
        <Composer channel={channel} replyTo={replyTo} onReply={onReply} onEditing={onEditing} />
      )}
    </>
  )
}
