/** The channel's name and topic, and what can be done with it. */
import { Menu, Users } from "lucide"
import type { Channel } from "../../core/protocol.ts"
import { isLane } from "../../core/room.ts"
import { useChatState, useWords } from "../context.ts"
import { Icon } from "../kit/Icon.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { Quiet } from "../kit/Quiet.tsx"
import { untranslated } from "../kit/untranslated.ts"
import { headerTools, reading } from "../quiet.ts"
import { ChannelSign, channelName } from "../sidebar/ChannelSign.tsx"
import { useNarrow } from "./useNarrow.ts"

interface ChannelHeaderProps {
  readonly channel: Channel | undefined
  readonly onDrawer: () => void
  readonly people: boolean
  readonly onPeople: () => void
}

export function ChannelHeader({ channel, onDrawer, people, onPeople }: ChannelHeaderProps) {
  const t = useWords()
  const narrow = useNarrow()
  const lane = channel !== undefined && isLane(channel)
  const online = useChatState(
    ({ room }) =>
      Object.values(room.members).filter((member) => member.online && (!lane || channel.members.includes(member.id)))
        .length,
  )
  return (
    <header className="channel-header">
      {narrow && <IconButton icon={Menu} name={t("channels.show")} onClick={onDrawer} />}
      <div className="channel-header__words">
        <h1 className="channel-header__name">
          {channel && <ChannelSign channel={channel} />}
          <span className="channel-header__text" ref={untranslated}>
            {channelName(t, channel)}
          </span>
        </h1>
        {lane && <Quiet part={reading} props={{ channel }} />}
        {!lane && channel !== undefined && channel.topic !== "" && (
          <p key={channel.topic} className="channel-header__topic">
            {channel.topic}
          </p>
        )}
      </div>
      {channel !== undefined && <Quiet part={headerTools} props={{ channel }} />}
      <button
        className="channel-header__people"
        type="button"
        title={t("people")}
        aria-label={t("people.online", { count: online })}
        aria-expanded={people}
        onClick={onPeople}
      >
        <Icon of={Users} />
        <span aria-hidden="true">{t.number(online)}</span>
      </button>
    </header>
  )
}
