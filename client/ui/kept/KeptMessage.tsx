/** A message in a list: who, when, what; a press goes to it. */
import type { ReactNode } from "react"
import { plainText } from "../../core/markdown.ts"
import type { Message } from "../../core/protocol.ts"
import { nameOf } from "../../core/room.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { Avatar } from "../kit/Avatar.tsx"
import { untranslated } from "../kit/untranslated.ts"

interface KeptMessageProps {
  readonly message: Message
  /** Where it is, or who keeps it here. */
  readonly about: string
  readonly onOpen: () => void
  /** What can be done with it. */
  readonly children: ReactNode
}

export function KeptMessage({ message, about, onOpen, children }: KeptMessageProps) {
  const t = useWords()
  const now = useChat().clock.now()
  const author = message.state === "deleted" ? null : message.author
  const known = useChatState(({ room }) => (author === null ? null : nameOf(room, author)))
  const shown = message.state === "said" ? message.shown_as["name"] : undefined
  const name = shown ?? known ?? t("member.gone")
  return (
    <li className="hit">
      <button className="hit__open" type="button" onClick={onOpen}>
        {author !== null && <Avatar name={name} small />}
        {author !== null && (
          <span className="hit__author" ref={untranslated}>
            {name}
          </span>
        )}{" "}
        {message.state !== "deleted" && (
          <time className="hit__time">{`${t.day(message.sent_at, now)}, ${t.time(message.sent_at)}`}</time>
        )}
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
