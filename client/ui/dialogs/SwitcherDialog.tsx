/** Goes to a channel by a few letters of its name, or on to the search: for a member's messages, or for what was typed. */
import type { IconNode } from "lucide"
import { MessageCircle, Search } from "lucide"
import { type KeyboardEvent, type ReactNode, useEffect, useState } from "react"
import { calls, inOrder } from "../../core/listing.ts"
import { loose, membersLike } from "../../core/misnamed.ts"
import type { Channel } from "../../core/protocol.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { Dialog } from "../kit/Dialog.tsx"
import { Icon } from "../kit/Icon.tsx"
import { useDirect } from "../lanes/useDirect.ts"
import { ChannelSign, channelName } from "../sidebar/ChannelSign.tsx"
import { useDialogs } from "./useDialogs.tsx"

/** As long as a channel's name may be, and no paste that stops the page. */
const MOST_TYPED = 80
const MOST_PEOPLE = 3

export function SwitcherDialog({ onClose }: { onClose: () => void }) {
  const t = useWords()
  const chat = useChat()
  const dialogs = useDialogs()
  const channels = useChatState(({ room }) => room.channels)
  const members = useChatState(({ room }) => room.members)
  const me = useChatState(({ room }) => room.me.id)
  const isSecured = useChatState(({ room }) => room.me.secured)
  const hasLanes = useChatState(({ room }) => room.hasLanes)
  const hasDirect = useChatState(({ room }) => room.direct_messages !== "off")
  const [query, setQuery] = useState("")
  const [chosen, setChosen] = useState(0)
  const wanted = loose(query.trim()).replace(/^#/, "")
  // As it was when the dialog opened: what is pointed at must not move away.
  const [rank] = useState(() => {
    const former = channels
    return ({ id }: Channel) => rankOf(former[id])
  })
  const found = inOrder(Object.values(channels), t.language)
    .filter((channel) => loose(channelName(t, channel)).includes(wanted))
    .toSorted((a, b) => rank(a) - rank(b))
  const typed = query.trim()
  const people = typed === "" ? [] : membersLike(typed, Object.values(members)).slice(0, MOST_PEOPLE)
  const openDirect = useDirect()
  const write = async (id: string) => {
    // Whoever cannot be written to yet has a card that says why.
    if (!isSecured || !members[id]?.secured || (await openDirect([id])) !== null)
      return dialogs.show({ kind: "person", member: id })
    onClose()
  }
  const ways: readonly Way[] = [
    ...people
      .filter(({ id }) => hasLanes && hasDirect && id !== me && !found.some((each) => isWith(each, id)))
      .map(({ id, name }) => ({
        key: `with ${id}`,
        sign: MessageCircle,
        words: t("switcher.direct", { name }),
        go: () => void write(id),
      })),
    ...people.map(({ id, name }) => ({
      key: id,
      sign: Search,
      words: t("switcher.by", { name }),
      go: () => dialogs.show({ kind: "search", author: id }),
    })),
    ...(typed === ""
      ? []
      : [
          {
            key: "",
            sign: Search,
            words: t("switcher.search", { query: typed }),
            go: () => dialogs.show({ kind: "search", text: typed }),
          },
        ]),
  ]
  const count = found.length + ways.length
  const current = Math.min(chosen, count - 1)
  useEffect(() => {
    // A promise in newer browsers, which React would take for what undoes the effect.
    void document.getElementById(`switcher-${current}`)?.scrollIntoView({ block: "nearest" })
  }, [current])
  const go = (index: number) => {
    const channel = found[index]
    const way = ways[index - found.length]
    if (way !== undefined) return way.go()
    if (channel === undefined) return
    onClose()
    chat.open(channel.id)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "ArrowDown") setChosen((current + 1) % (count || 1))
    else if (event.key === "ArrowUp") setChosen((current + count - 1) % (count || 1))
    else if (event.key === "Enter") go(current)
    else return
    event.preventDefault()
  }
  return (
    <Dialog title={t("switcher.title")} onClose={onClose}>
      <input
        className="switcher__query"
        type="text"
        maxLength={MOST_TYPED}
        role="combobox"
        aria-expanded="true"
        aria-controls="switcher"
        aria-activedescendant={current < 0 ? undefined : `switcher-${current}`}
        aria-label={t("switcher.query")}
        placeholder={t("switcher.query")}
        data-focus=""
        value={query}
        onInput={(event) => {
          setQuery(event.currentTarget.value)
          setChosen(0)
        }}
        onKeyDown={onKeyDown}
      />
      {/* Always there: what appears in it is said aloud. */}
      <div className="switcher__status" role="status">
        {found.length === 0 && <p className="switcher__nothing">{t("switcher.nothing")}</p>}
      </div>
      <div className="switcher__list" id="switcher" role="listbox" aria-label={t("channels")}>
        {found.map((channel, index) => {
          const { id, topic, unread, mentions, archived } = channel
          return (
            <Option key={id} index={index} isChosen={index === current} onChoose={go}>
              <ChannelSign channel={channel} />
              <span className="switcher__name">{channelName(t, channel)}</span>
              <span className="switcher__topic">{topic}</span>
              {archived && <span className="switcher__archived">{t("channel.archived")}</span>}
              {calls(channel) && (
                <span className={mentions > 0 ? "badge badge--mention" : "badge"}>
                  {mentions > 0 ? t("mentions.badge", { count: mentions }) : t.number(unread)}
                </span>
              )}
            </Option>
          )
        })}
        {ways.map(({ key, sign, words }, at) => {
          const index = found.length + at
          return (
            <Option key={key} index={index} isChosen={index === current} onChoose={go}>
              <Icon of={sign} />
              <span>{words}</span>
            </Option>
          )
        })}
      </div>
    </Dialog>
  )
}

/** Somewhere else to go to. */
interface Way {
  readonly key: string
  readonly sign: IconNode
  readonly words: string
  readonly go: () => void
}

/** The conversation of two. */
function isWith({ kind, members }: Channel, member: string): boolean {
  return kind === "direct" && members.length === 2 && members.includes(member)
}

/** Where somebody is wanted comes first, what is put away last. */
function rankOf(channel: Channel | undefined): number {
  if (channel === undefined || channel.archived) return 3
  return channel.mentions > 0 ? 0 : calls(channel) ? 1 : 2
}

interface OptionProps {
  readonly index: number
  readonly isChosen: boolean
  readonly onChoose: (index: number) => void
  readonly children: ReactNode
}

function Option({ index, isChosen, onChoose, children }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are pressed in the query above
    <div
      id={`switcher-${index}`}
      className={isChosen ? "switcher__item switcher__item--chosen" : "switcher__item"}
      role="option"
      tabIndex={-1}
      aria-selected={isChosen}
      onClick={() => onChoose(index)}
    >
      {children}
    </div>
  )
}
