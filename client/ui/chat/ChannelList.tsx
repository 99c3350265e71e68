/** The channels in order of their names, archived ones apart. */
import { Archive, Hash } from "lucide"
import { useState } from "react"
import { type Channel, GENERAL } from "../../core/protocol.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { Icon } from "../kit/Icon.tsx"
import { roving } from "../kit/useRoving.ts"

export function ChannelList() {
  const t = useWords()
  const channels = useChatState(({ room }) => room.channels)
  const current = useChatState(({ opened }) => opened?.channel ?? GENERAL)
  const [archive, setArchive] = useState(false)
  const all = inOrder(Object.values(channels), t.language)
  const open = all.filter(({ archived }) => !archived)
  const closed = all.filter(({ archived }) => archived)
  const shown = archive || closed.some(({ id }) => id === current) ? [...open, ...closed] : open
  return (
    <div className="channel-list">
      <ul className="channel-list__items" onKeyDown={roving}>
        {shown.map((channel) => (
          <ChannelItem key={channel.id} channel={channel} current={channel.id === current} />
        ))}
      </ul>
      {closed.length > 0 && (
        <button
          className="channel-list__more"
          type="button"
          aria-expanded={archive}
          onClick={() => setArchive(!archive)}
        >
          <Icon of={Archive} />
          {t("channels.archived", { count: closed.length })}
        </button>
      )}
    </div>
  )
}

function ChannelItem({ channel, current }: { channel: Channel; current: boolean }) {
  const t = useWords()
  const chat = useChat()
  const { id, name, unread, mentions, archived } = channel
  const unseen = unread > 0 && !current
  return (
    <li>
      <button
        className={`channel-list__item${unseen ? " channel-list__item--unread" : ""}`}
        type="button"
        data-roving=""
        tabIndex={current ? 0 : -1}
        aria-current={current ? "page" : undefined}
        onClick={() => chat.open(id)}
      >
        <Icon of={archived ? Archive : Hash} />
        <span className="channel-list__name" translate={false}>
          {name}
        </span>
        {unseen && (
          <span className={mentions > 0 ? "badge badge--mention" : "badge"}>
            <span aria-hidden="true">{mentions > 0 ? t("mentions.badge", { count: mentions }) : t.number(unread)}</span>
            <span className="for-listeners">
              {t("unread", { count: unread })} {mentions > 0 && t("mentions", { count: mentions })}
            </span>
          </span>
        )}
      </button>
    </li>
  )
}

export function inOrder(channels: readonly Channel[], language: string): readonly Channel[] {
  const rank = ({ id }: Channel) => (id === GENERAL ? 0 : 1)
  return channels.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, language))
}
