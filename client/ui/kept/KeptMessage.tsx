/** A message in a list: who, when, what; a press goes to it. */
import type { ReactNode } from "react"
import { plainText } from "../../core/markdown.ts"
import type { Channel, Message } from "../../core/protocol.ts"
import { nameOf } from "../../core/room.ts"
import type { Translator } from "../../i18n/translate.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { Avatar } from "../kit/Avatar.tsx"
import { untranslated } from "../kit/untranslated.ts"
import { channelName } from "../sidebar/ChannelSign.tsx"

interface KeptMessageProps {
  readonly message: Message
  /** Where it is, or who keeps it here. */
  readonly about: string
  readonly onOpen: () => void
  /** What can be done with it. */
  readonly children?: ReactNode
  /** Who did something about it, what, and when: in place of who said it. */
  readonly deed?: Deed
}

export interface Deed {
  readonly by: string | null
  readonly words: string
  readonly at: number
  /** It is new: the words for that. */
  readonly fresh: string | null
}

/** Where a message is. */
export function placeName(t: Translator, channel: Channel | undefined): string {
  return `${channel?.kind === "open" ? "#" : ""}${channelName(t, channel)}`
}

export function KeptMessage({ message, about, onOpen, children, deed }: KeptMessageProps) {
  const t = useWords()
  const now = useChat().clock.now()
  const said = message.state === "deleted" ? null : message
  const author = deed === undefined ? (said?.author ?? null) : deed.by
  const at = deed?.at ?? said?.sent_at
  const known = useChatState(({ room }) => (author === null ? null : nameOf(room, author)))
  const shown = message.state === "said" && author === message.author ? message.shown_as["name"] : undefined
  const name = shown ?? known ?? t("member.gone")
  return (
    <li className={deed?.fresh ? "hit hit--fresh" : "hit"}>
      <button className="hit__open" type="button" onClick={onOpen}>
        {author !== null && <Avatar name={name} small />}
        {author !== null && (
          <span className="hit__author" ref={untranslated}>
            {name}
          </span>
        )}{" "}
        {deed && <span className="hit__deed">{deed.words} </span>}
        {deed?.fresh && <span className="hit__fresh">{deed.fresh}</span>}
        {at !== undefined && <time className="hit__time">{`${t.day(at, now)}, ${t.time(at)}`}</time>}
        <Words message={message} />
        <span className="hit__place">{about}</span>
      </button>
      {children}
    </li>
  )
}

function Words({ message }: { readonly message: Message }) {
  const t = useWords()
  if (message.state === "deleted") return <span className="hit__words">{t("message.deleted")}</span>
  if (message.state === "unreadable") return <span className="hit__words">{t("kept.unreadable")}</span>
  const { body, files } = message
  // A browser that translates the page would keep its own words of the former text.
  return (
    <span className="hit__words" key={body}>
      {plainText(body) || t("kept.filesOnly", { count: files.length })}
    </span>
  )
}
