/** The very first of a channel: what it is called, what it is for, how long messages are kept; in a new room, a welcome. */
import { GENERAL } from "../../core/contract.ts"
import type { Channel } from "../../core/protocol.ts"
import { isAlone } from "../../core/room.ts"
import { useChatState, useWords } from "../context.ts"
import { Quiet } from "../kit/Quiet.tsx"
import { Scene } from "../kit/Scene.tsx"
import { ChannelSign, channelName } from "../sidebar/ChannelSign.tsx"
import { welcome } from "../welcome/parts.ts"

interface ChannelStartProps {
  readonly channel: Channel
  /** Nothing has been said here. */
  readonly empty: boolean
}

export function ChannelStart({ channel, empty }: ChannelStartProps) {
  const t = useWords()
  const roomRetention = useChatState(({ room }) => room.retention_days)
  const alone = useChatState(({ room }) => isAlone(room))
  const days = channel.retention_days ?? roomRetention ?? 0
  const kept = days > 0 && <p className="timeline__purged">{t("messages.retention", { count: days })}</p>
  if (alone && channel.id === GENERAL) {
    return (
      <div className="timeline__edge timeline__edge--start">
        <Quiet part={welcome} props={{ channel: channel.id }} />
        {kept}
      </div>
    )
  }
  return (
    <div className="timeline__edge timeline__edge--start">
      {empty ? (
        <Scene of="buoy" />
      ) : (
        <span className="timeline__emblem">
          <ChannelSign channel={channel} />
        </span>
      )}
      <h2 className="timeline__welcome">
        {channel.kind === "direct" ? channelName(t, channel) : t("channel.start", { name: channelName(t, channel) })}
      </h2>
      {channel.topic !== "" && (
        <p key={channel.topic} className="timeline__topic">
          {channel.topic}
        </p>
      )}
      <p>{t(channel.since_seq > 0 ? "lanes.since" : empty ? "channel.empty" : "channel.startText")}</p>
      {kept}
    </div>
  )
}
