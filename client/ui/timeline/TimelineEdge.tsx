/** The beginning of what is shown: more to come, gone by the room's rules, or the very first message. */
import type { Channel } from "../../core/protocol.ts"
import type { Timeline } from "../../core/timeline.ts"
import { useChat, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { ChannelStart } from "./ChannelStart.tsx"

export function TimelineEdge({ timeline, channel }: { timeline: Timeline; channel: Channel }) {
  const t = useWords()
  const chat = useChat()
  if (timeline.status === "failed") {
    return (
      <div className="timeline__edge" role="alert">
        <p>{t("messages.failed")}</p>
        <Button onClick={chat.reload}>{t("retry")}</Button>
      </div>
    )
  }
  if (timeline.status === "loading" && timeline.messages.length === 0) return <Skeleton />
  if (timeline.older) return <p className="timeline__edge timeline__edge--more">{t("messages.loading")}</p>
  return <ChannelStart channel={channel} empty={timeline.messages.length === 0} />
}

const WIDTHS = ["62", "40", "78", "51", "34"]

function Skeleton() {
  const t = useWords()
  return (
    <div className="skeleton">
      <p className="for-listeners">{t("messages.loading")}</p>
      {WIDTHS.map((width) => (
        <div key={width} className="skeleton__row" aria-hidden="true">
          <span className="skeleton__avatar" />
          <span className={`skeleton__line skeleton__line--${width}`} />
        </div>
      ))}
    </div>
  )
}
