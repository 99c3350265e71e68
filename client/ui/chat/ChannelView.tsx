/** One channel: its name, its messages, the place to write. */
import { useState } from "react"
import type { Channel, Said } from "../../core/protocol.ts"
import { useChatState, useWords } from "../context.ts"
import { ChannelHeader } from "./ChannelHeader.tsx"
import { Composer } from "./Composer.tsx"
import { LineBanner } from "./LineBanner.tsx"
import { Timeline } from "./Timeline.tsx"
import { TypingLine } from "./TypingLine.tsx"
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
  const channel = useChatState(({ opened, room }) => (opened === null ? undefined : room.channels[opened.channel]))
  return (
    <main className="channel" inert={covered && narrow}>
      <ChannelHeader channel={channel} {...props} />
      <LineBanner />
      {channel === undefined ? (
        <div className="channel__nothing" />
      ) : (
        <Conversation key={channel.id} channel={channel} />
      )}
    </main>
  )
}

/** What belongs to one visit of one channel: an answer begun, a message being edited. */
function Conversation({ channel }: { channel: Channel }) {
  const t = useWords()
  const [replyTo, setReplyTo] = useState<Said | null>(null)
  const [editing, setEditing] = useState<string | null>(null)
  return (
    <>
      <Timeline channel={channel} onReply={setReplyTo} editing={editing} onEditing={setEditing} />
      <TypingLine channel={channel.id} />
      {channel.archived ? (
        <p className="channel__archived">{t("channel.isArchived")}</p>
      ) : (
        <Composer channel={channel} replyTo={replyTo} onReply={setReplyTo} onEditing={setEditing} />
      )}
    </>
  )
}
