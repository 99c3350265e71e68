/** One message of the history, with the day and the line "new" where they begin, and where one joined. */
import { memo, type ReactNode, useState } from "react"
import { GENERAL } from "../../core/contract.ts"
import type { Said } from "../../core/protocol.ts"
import { nameOf } from "../../core/room.ts"
import { type Row, timeOf } from "../../core/rows.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { FilesPlace } from "../files/FilesPlace.tsx"
import { Avatar } from "../kit/Avatar.tsx"
import { Lazy } from "../kit/Lazy.tsx"
import { Quiet } from "../kit/Quiet.tsx"
import { untranslated } from "../kit/untranslated.ts"
import { useNow } from "../kit/useNow.ts"
import { editor } from "../parts.ts"
import { Role, useRole } from "../people/Role.tsx"
import { Secured } from "../people/Secured.tsx"
import { comings, imported } from "../quiet.ts"
import { ActionsPlace } from "./ActionsPlace.tsx"
import { MessageContent } from "./MessageContent.tsx"
import { Quote } from "./Quote.tsx"
import { Reactions } from "./Reactions.tsx"
import { RepliesLine } from "./RepliesLine.tsx"

export interface MessageRowProps {
  readonly row: Extract<Row, { kind: "message" }>
  readonly current: boolean
  readonly highlit: boolean
  readonly editing: boolean
  readonly begun: boolean
  readonly onEditing: (message: string | null) => void
  readonly onReply: (message: Said) => void
}

/** So old at the most is what is seen to arrive; older rows are put on the page by scrolling, too. */
const ARRIVING_MS = 5_000

export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { row, current, highlit, editing, onEditing } = props
  const { message, leads, day, isNew } = row
  const t = useWords()
  // Most messages are only ever read: what can be done with one is put on the page when somebody comes near.
  const [near, setNear] = useState(false)
  const approach = () => setNear(true)
  const { clock } = useChat()
  const me = useChatState(({ room }) => room.me.id)
  const author = message.state === "deleted" ? (message.former?.author ?? "") : message.author
  const known = useChatState(({ room }) => nameOf(room, author))
  const mine = useChatState(({ room }) => message.state === "said" && message.mentions.includes(room.me.id))
  const shown = message.state === "said" ? message.shown_as : {}
  const name = shown["name"] ?? known ?? t("member.gone")
  const role = useRole(author)
  const time = timeOf(message)
  const mark = message.state === "said" && message.imported_at && <Quiet part={imported} props={{ message }} />
  // What one says oneself has come already, as it was sent.
  const [arrives] = useState(() => author !== me && clock.now() - time < ARRIVING_MS)
  const by = role === null ? name : `${name}, ${role}`
  const look = `${leads ? " message--leads" : ""}${mine ? " message--mention" : ""}${highlit ? " message--highlit" : ""}${arrives ? " message--arrives" : ""}`
  return (
    <div className="row">
      {day !== null && <DayLine at={day} />}
      {day !== null && message.channel === GENERAL && <Quiet part={comings} props={{ at: day }} />}
      {isNew && (
        <p className="row__new">
          <span>{t("messages.new")}</span>
        </p>
      )}
      <article
        className={`message${look}`}
        data-row={row.key}
        tabIndex={current ? 0 : -1}
        // A finger is nowhere before it taps, and what came under it by then could take the tap: the focus follows it.
        onPointerEnter={({ pointerType }) => pointerType !== "touch" && approach()}
        onFocus={approach}
        aria-label={
          message.state === "deleted" ? t("message.deleted") : t("message.by", { name: by, time: t.time(time) })
        }
      >
        <div className="message__side">
          {leads && author ? (
            <Avatar name={shown["emoji"] ?? name} member={author} />
          ) : (
            <Time at={time} short mark={mark} />
          )}
        </div>
        <div className="message__main">
          {leads && author && (
            <header className="message__header">
              <span className="message__author" data-member={author} ref={untranslated}>
                {name}
              </span>{" "}
              <Secured member={author} /> <Role name={role} /> <Time at={time} mark={mark} />
            </header>
          )}
          {message.state === "said" && message.reply_to !== null && <Quote message={message} />}
          {editing && message.state === "said" ? (
            <Lazy part={editor} props={{ message, begun: props.begun, onDone: () => onEditing(null) }} />
          ) : (
            <MessageContent message={message} undoable={row.undoable} />
          )}
          {message.state === "said" && message.files.length > 0 && (
            <FilesPlace files={message.files} message={message} />
          )}
          {message.state === "said" && <Reactions message={message} />}
          {!!message.replies?.count && <RepliesLine message={message} {...message.replies} />}
        </div>
        {message.state === "said" && !editing && near && <ActionsPlace message={message} {...props} />}
      </article>
      {row.joined && <p className="row__joined">{t("messages.joined")}</p>}
    </div>
  )
})

export function DayLine({ at }: { at: number }) {
  const t = useWords()
  const now = useNow(60_000)
  return (
    <h2 className="row__day">
      <button type="button" tabIndex={-1}>
        {t.day(at, now)}
      </button>
    </h2>
  )
}

export function Time({ at, short = false, mark }: { at: number; short?: boolean; mark?: ReactNode }) {
  const t = useWords()
  return (
    <time
      className={short ? "message__time message__time--short" : "message__time"}
      dateTime={new Date(at).toISOString()}
      title={t.moment(at)}
    >
      {short ? t.shortTime(at) : t.time(at)}
      {mark}
    </time>
  )
}
