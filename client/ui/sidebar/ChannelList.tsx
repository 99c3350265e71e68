/** The channels: starred ones on top, those that everybody sees, and below them what only some see. */
import { useEffect, useReducer, useRef, useState } from "react"
import { GENERAL } from "../../core/contract.ts"
import { asBefore, calls, firstOf, inOrder } from "../../core/listing.ts"
import type { Channel } from "../../core/protocol.ts"
import { isLane } from "../../core/room.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { Quiet } from "../kit/Quiet.tsx"
import { untranslated } from "../kit/untranslated.ts"
import { roving } from "../kit/useRoving.ts"
import { archiveButton, itemSigns, laneSections, outOfSight, places, statusSign } from "../quiet.ts"
import { ChannelSign, channelName, useFace } from "./ChannelSign.tsx"
import { Section } from "./Section.tsx"

export function ChannelList() {
  const t = useWords()
  const channels = useChatState(({ room }) => room.channels)
  const current = useChatState(({ opened }) => opened?.channel ?? GENERAL)
  const [archive, setArchive] = useState(false)
  const { frame, all, settle } = useOrder(Object.values(channels), current, t.language)
  const starred = all.filter((channel) => channel.starred && !channel.archived)
  const others = all.filter((channel) => !channel.starred || channel.archived)
  const open = others.filter((channel) => !channel.archived && !isLane(channel))
  const closed = all.filter(({ archived }) => archived)
  const shown = archive || closed.some(({ id }) => id === current) ? [...open, ...closed] : open
  const list = useRef<HTMLDivElement>(null)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears when somebody has left what is inside
    <div className="channel-list__frame" ref={frame} onPointerLeave={settle} onBlur={settle}>
      <div className="channel-list" ref={list}>
        <div className="sidebar__places">
          <Quiet part={places} props={{}} />
        </div>
        {starred.length > 0 && (
          <Section name="starred" title={t("channels.starred")} channels={starred} current={current} />
        )}
        <Section
          name="open"
          title={t("channels")}
          adding={t("channel.create")}
          add={{ kind: "channel" }}
          channels={shown}
          current={current}
        />
        {closed.length > 0 && (
          <Quiet
            part={archiveButton}
            props={{ count: closed.length, isOpen: archive, onPress: () => setArchive(!archive) }}
          />
        )}
        {/* Before the channels above are known it would stand where they come. */}
        {all.length > 0 && <Quiet part={laneSections} props={{ channels: others, current }} />}
      </div>
      <Quiet part={outOfSight} props={{ list, channels }} />
    </div>
  )
}

/** What is unread stands first; while somebody points at the list, or is in it with the keys, nothing moves. */
function useOrder(channels: readonly Channel[], current: string, language: string) {
  const frame = useRef<HTMLDivElement>(null)
  const first = useRef<ReadonlySet<string>>(new Set())
  const before = useRef<readonly string[]>([])
  const [, settle] = useReducer((times: number) => times + 1, 0)
  const held = frame.current?.matches(":hover") || frame.current?.querySelector(":focus-visible")
  first.current = firstOf(channels, current, first.current)
  const ordered = inOrder(channels, language, first.current)
  const all = held ? asBefore(ordered, before.current) : ordered
  before.current = all.map(({ id }) => id)
  return { frame, all, settle }
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
  const seen = useChatState(({ opened }) => current && opened?.kept !== true)
  const unseen = calls(channel) && !seen
  const face = useFace(channel)
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
        data-channel={id}
        data-roving=""
        tabIndex={stop ? 0 : -1}
        aria-current={current ? "page" : undefined}
        onClick={() => chat.open(id)}
      >
        <ChannelSign channel={channel} />
        <span className="channel-list__name" ref={untranslated}>
          {channelName(t, channel)}
        </span>
        {face?.status && <Quiet part={statusSign} props={{ member: face.id }} />}
        <Quiet part={itemSigns} props={{ channel, current }} />
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
