/** The channels in order of their names, archived ones apart, and below them what only some see. */
import { useEffect, useRef, useState } from "react"
import { GENERAL } from "../../core/contract.ts"
import type { Channel } from "../../core/protocol.ts"
import { isLane } from "../../core/room.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { Quiet } from "../kit/Quiet.tsx"
import { untranslated } from "../kit/untranslated.ts"
import { roving } from "../kit/useRoving.ts"
import { archiveButton, laneSections, outOfSight } from "../quiet.ts"
import { ChannelSign, channelName } from "./ChannelSign.tsx"

export function ChannelList() {
  const t = useWords()
  const channels = useChatState(({ room }) => room.channels)
  const current = useChatState(({ opened }) => opened?.channel ?? GENERAL)
  const [archive, setArchive] = useState(false)
  const all = inOrder(Object.values(channels), t.language)
  const open = all.filter((channel) => !channel.archived && !isLane(channel))
  const closed = all.filter(({ archived }) => archived)
  const shown = archive || closed.some(({ id }) => id === current) ? [...open, ...closed] : open
  const list = useRef<HTMLDivElement>(null)
  return (
    <div className="channel-list__frame">
      <div className="channel-list" ref={list}>
        <Items channels={shown} current={current} />
        {closed.length > 0 && (
          <Quiet
            part={archiveButton}
            props={{ count: closed.length, isOpen: archive, onPress: () => setArchive(!archive) }}
          />
        )}
        <Quiet part={laneSections} props={{ channels: all, current }} />
      </div>
      <Quiet part={outOfSight} props={{ list, channels }} />
    </div>
  )
}

interface ItemsProps {
  readonly channels: readonly Channel[]
  readonly current: string
  readonly label?: string
}

/** One stop of the Tab key: the channel that is open, or else the first. */
export function Items({ channels, current, label }: ItemsProps) {
  const stop = channels.some(({ id }) => id === current) ? current : channels[0]?.id
  return (
    <ul className="channel-list__items" aria-label={label} onKeyDown={roving}>
      {channels.map((channel) => (
        <ChannelItem key={channel.id} channel={channel} current={channel.id === current} stop={channel.id === stop} />
      ))}
    </ul>
  )
}

/** Scrolls the list only: the browser's own way would move a drawer that is out of sight, too. */
export function bringIntoSight(item: HTMLElement): void {
  const list = item.closest(".channel-list")
  if (list === null) return
  const [place, frame] = [item.getBoundingClientRect(), list.getBoundingClientRect()]
  const margin = place.height
  if (place.top < frame.top) list.scrollTop -= frame.top - place.top + margin
  else if (place.bottom > frame.bottom) list.scrollTop += place.bottom - frame.bottom + margin
}

function ChannelItem({ channel, current, stop }: { channel: Channel; current: boolean; stop: boolean }) {
  const t = useWords()
  const chat = useChat()
  const { id, unread, mentions, kind } = channel
  const unseen = unread > 0 && !current
  const item = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (current && item.current !== null) bringIntoSight(item.current)
  }, [current])
  return (
    <li>
      <button
        ref={item}
        className={`channel-list__item${unseen ? " channel-list__item--unread" : ""}`}
        type="button"
        data-roving=""
        tabIndex={stop ? 0 : -1}
        aria-current={current ? "page" : undefined}
        onClick={() => chat.open(id)}
      >
        <ChannelSign channel={channel} />
        <span className="channel-list__name" ref={untranslated}>
          {channelName(t, channel)}
        </span>
        {unseen && (
          <span className={mentions > 0 || kind === "direct" ? "badge badge--mention" : "badge"}>
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
