/** The channel's name and topic, and what can be done with it. */
import { Bell, Hash, Menu, Pencil, Users } from "lucide"
import type { Channel } from "../../core/protocol.ts"
import { useChatState, useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { Icon } from "../kit/Icon.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { untranslated } from "../kit/untranslated.ts"
import { mayManage } from "../rights.ts"
import { useNarrow } from "./useNarrow.ts"

interface ChannelHeaderProps {
  readonly channel: Channel | undefined
  readonly onDrawer: () => void
  readonly people: boolean
  readonly onPeople: () => void
}

export function ChannelHeader({ channel, onDrawer, people, onPeople }: ChannelHeaderProps) {
  const t = useWords()
  const dialogs = useDialogs()
  const narrow = useNarrow()
  const me = useChatState(({ room }) => room.me)
  const online = useChatState(({ room }) => Object.values(room.members).filter((member) => member.online).length)
  return (
    <header className="channel-header">
      {narrow && <IconButton icon={Menu} name={t("channels.show")} onClick={onDrawer} />}
      <div className="channel-header__words">
        <h1 className="channel-header__name">
          <Icon of={Hash} />
          <span className="channel-header__text" ref={untranslated}>
            {channel?.name ?? ""}
          </span>
        </h1>
        {channel !== undefined && channel.topic !== "" && (
          <p key={channel.topic} className="channel-header__topic">
            {channel.topic}
          </p>
        )}
      </div>
      {channel !== undefined && (
        <IconButton
          icon={Bell}
          name={t("push")}
          onClick={() => dialogs.show({ kind: "notify", channel: channel.id })}
        />
      )}
      {channel !== undefined && mayManage(me, channel) && (
        <IconButton
          icon={Pencil}
          name={t("channel.edit")}
          onClick={() => dialogs.show({ kind: "channel", channel: channel.id })}
        />
      )}
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
