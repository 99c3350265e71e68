/** A message and the replies to it, beside their channel: each leads to its place there, and an answer is written there. */
import { CornerUpLeft, X } from "lucide"
import { useEffect, useRef } from "react"
import { isClosed } from "../../core/closed.ts"
import type { Message } from "../../core/protocol.ts"
import { nameOf } from "../../core/room.ts"
import type { Place } from "../../core/threads.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { FilesPlace } from "../files/FilesPlace.tsx"
import { Foot } from "../kept/Foot.tsx"
import { Avatar } from "../kit/Avatar.tsx"
import { Button } from "../kit/Button.tsx"
import { Icon } from "../kit/Icon.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { untranslated } from "../kit/untranslated.ts"
import { useEscape } from "../kit/useEscape.ts"
import { MessageContent } from "../message/MessageContent.tsx"
import { useLocked } from "../recovery/useLocked.ts"
import { useThread } from "./useThread.ts"

/** Where the panel lies over the channel: styles/people.css has the same width. */
const over = matchMedia("(max-width: 68.75em)")

interface ThreadProps {
  readonly place: Place
}

/** Another message begins anew: nothing of the former thread stands below it, or is answered in its place. */
export function Thread({ place }: ThreadProps) {
  return <Replies key={`${place.channel} ${place.seq}`} place={place} />
}

function Replies({ place }: ThreadProps) {
  const t = useWords()
  const chat = useChat()
  const panel = useRef<HTMLElement>(null)
  const { thread, stage, load, more } = useThread(place)
  const removing = useChatState((state) => state.removing)
  const closed = useChatState(({ room }) => {
    const channel = room.channels[place.channel]
    return channel === undefined || isClosed(room, channel)
  })
  const locked = useLocked()
  const close = () => chat.showThread(null)
  useEscape(true, close)
  useEffect(() => panel.current?.focus(), [])
  const open = (seq: number) => {
    if (over.matches) close()
    chat.open(place.channel, seq)
  }
  const first = thread?.first
  const replies = thread?.replies.filter(({ id }) => !removing.has(id)) ?? []
  const reply = () => {
    if (over.matches) close()
    chat.notes.set(`reply:${place.channel}`, `${place.seq} ${first?.id}`)
    document.querySelector<HTMLElement>(".composer__text")?.focus()
  }
  return (
    <aside className="people thread" aria-label={t("kept.replies")} tabIndex={-1} ref={panel}>
      <header className="people__header">
        <h2 className="people__title">{t("kept.replies")}</h2>
        <IconButton icon={X} name={t("close")} onClick={close} />
      </header>
      <div className="thread__list">
        {first && stage !== "gone" && <Entry message={first} onOpen={open} />}
        <ul className="thread__replies">
          {replies.map((message) => (
            <li key={message.id}>
              <Entry message={message} onOpen={open} />
            </li>
          ))}
        </ul>
        {stage === "gone" ? (
          <p className="media__foot" role="status">
            {t("kept.goneAnswered")}
          </p>
        ) : (
          <Foot stage={stage} isEmpty={replies.length === 0} nothing={t("kept.noReplies")} onRetry={load} />
        )}
        {stage === "ready" && thread?.more && <Button onClick={more}>{t("kept.more")}</Button>}
      </div>
      {first?.state === "said" && stage !== "gone" && !closed && !locked && (
        <div className="thread__foot">
          <Button onClick={reply}>
            <Icon of={CornerUpLeft} /> {t("message.reply")}
          </Button>
        </div>
      )}
    </aside>
  )
}

interface EntryProps {
  readonly message: Message
  readonly onOpen: (seq: number) => void
}

function Entry({ message, onOpen }: EntryProps) {
  const t = useWords()
  const now = useChat().clock.now()
  const author = message.state === "deleted" ? null : message.author
  const known = useChatState(({ room }) => (author === null ? null : nameOf(room, author)))
  const shown = message.state === "said" ? message.shown_as["name"] : undefined
  const name = shown ?? known ?? t("member.gone")
  return (
    <article className="thread__message">
      <button className="thread__open" type="button" title={t("kept.show")} onClick={() => onOpen(message.seq)}>
        {author !== null && <Avatar name={name} small />}
        <span className="message__author" ref={untranslated}>
          {author === null ? "" : name}
        </span>{" "}
        {message.state !== "deleted" && (
          <time className="hit__time">{`${t.day(message.sent_at, now)}, ${t.time(message.sent_at)}`}</time>
        )}
      </button>
      <MessageContent message={message} undoable={false} />
      {message.state === "said" && message.files.length > 0 && <FilesPlace files={message.files} message={message} />}
    </article>
  )
}
