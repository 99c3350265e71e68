/** The channels in order of their names, archived ones apart. */
import { Archive, ArrowDown, ArrowUp, Hash } from "lucide"
import { type RefObject, useCallback, useEffect, useRef, useState } from "react"
import { GENERAL } from "../../core/contract.ts"
import type { Channel } from "../../core/protocol.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { Icon } from "../kit/Icon.tsx"
import { untranslated } from "../kit/untranslated.ts"
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
  const list = useRef<HTMLDivElement>(null)
  const { above, below, look } = useSight(list, channels)
  const reveal = (unread: HTMLElement | undefined) => unread !== undefined && bringIntoSight(unread)
  return (
    <div className="channel-list" ref={list} onScroll={look}>
      {above !== undefined && (
        <button
          className="channel-list__unread channel-list__unread--above"
          type="button"
          onClick={() => reveal(above)}
        >
          <Icon of={ArrowUp} /> {t("channels.unreadAbove")}
        </button>
      )}
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
      {below !== undefined && (
        <button className="channel-list__unread" type="button" onClick={() => reveal(below)}>
          <Icon of={ArrowDown} /> {t("channels.unreadBelow")}
        </button>
      )}
    </div>
  )
}

/**
 * The unread channels next to what is in sight: the last one above it, the first one below. The chosen channel stays in
 * sight when the list becomes shorter, or another one: unless somebody has scrolled it away.
 */
function useSight(list: RefObject<HTMLDivElement | null>, channels: unknown) {
  const sawCurrent = useRef(false)
  const [above, setAbove] = useState<HTMLElement | undefined>(undefined)
  const [below, setBelow] = useState<HTMLElement | undefined>(undefined)
  const look = useCallback(() => {
    if (list.current === null) return
    const { top, bottom } = list.current.getBoundingClientRect()
    const unread = [...list.current.querySelectorAll<HTMLElement>(".channel-list__item--unread")]
    const middleOf = (item: HTMLElement) => item.getBoundingClientRect().top + item.offsetHeight / 2
    setAbove(unread.findLast((item) => middleOf(item) < top))
    setBelow(unread.find((item) => middleOf(item) > bottom))
    const current = list.current.querySelector<HTMLElement>("[aria-current]")
    sawCurrent.current = current !== null && middleOf(current) >= top && middleOf(current) <= bottom
  }, [list])
  const follow = useCallback(() => {
    const current = list.current?.querySelector<HTMLElement>("[aria-current]")
    if (current && sawCurrent.current) bringIntoSight(current)
    look()
  }, [list, look])
  // biome-ignore lint/correctness/useExhaustiveDependencies: other channels are unread then
  useEffect(follow, [follow, channels])
  useEffect(() => {
    if (list.current === null) return
    const observer = new ResizeObserver(follow)
    observer.observe(list.current)
    return () => observer.disconnect()
  }, [list, follow])
  return { above, below, look }
}

/** Scrolls the list only: the browser's own way would move a drawer that is out of sight, too. */
function bringIntoSight(item: HTMLElement): void {
  const list = item.closest(".channel-list")
  if (list === null) return
  const [place, frame] = [item.getBoundingClientRect(), list.getBoundingClientRect()]
  const margin = place.height
  if (place.top < frame.top) list.scrollTop -= frame.top - place.top + margin
  else if (place.bottom > frame.bottom) list.scrollTop += place.bottom - frame.bottom + margin
}

function ChannelItem({ channel, current }: { channel: Channel; current: boolean }) {
  const t = useWords()
  const chat = useChat()
  const { id, name, unread, mentions, archived } = channel
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
        tabIndex={current ? 0 : -1}
        aria-current={current ? "page" : undefined}
        onClick={() => chat.open(id)}
      >
        <Icon of={archived ? Archive : Hash} />
        <span className="channel-list__name" ref={untranslated}>
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
