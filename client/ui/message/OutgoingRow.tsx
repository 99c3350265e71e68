/** A message on its way, or one that the server would not take. */
import { Clock3 } from "lucide"
import type { Row } from "../../core/rows.ts"
import { useChatState, useWords } from "../context.ts"
import { FilesPlace } from "../files/FilesPlace.tsx"
import { Avatar } from "../kit/Avatar.tsx"
import { Icon } from "../kit/Icon.tsx"
import { Lazy } from "../kit/Lazy.tsx"
import { untranslated } from "../kit/untranslated.ts"
import { Role, useRole } from "../people/Role.tsx"
import { failed as failure } from "../quiet.ts"
import { MessageBody } from "./MessageContent.tsx"
import { DayLine, Time } from "./MessageRow.tsx"
import { Quote } from "./Quote.tsx"

export function OutgoingRow({ row }: { row: Extract<Row, { kind: "outgoing" }> }) {
  const t = useWords()
  const me = useChatState(({ room }) => room.me)
  const role = useRole(me.id)
  const { message, leads, day } = row
  const failed = message.failed !== null
  const waits = !failed && message.files === undefined
  const pending = usePending()
  return (
    <div className="row">
      {day !== null && <DayLine at={day} />}
      <article
        className={`message message--outgoing${leads ? " message--leads" : ""}${failed ? " message--failed" : ""}`}
        data-row={row.key}
        tabIndex={-1}
        aria-label={failed ? t("outgoing.failed") : pending}
      >
        <div className="message__side">
          {leads ? <Avatar name={me.name} /> : <Time at={message.created_at} short />}
        </div>
        <div className="message__main">
          {leads && (
            <header className="message__header">
              <span className="message__author" ref={untranslated}>
                {me.name}
              </span>{" "}
              <Role name={role} /> <Time at={message.created_at} /> {waits && <Pending />}
            </header>
          )}
          {message.reply_to !== undefined && <Quote message={message} />}
          {message.body !== "" && <MessageBody body={message.body} mentions={message.mentions ?? []} edited={null} />}
          {message.files !== undefined && <FilesPlace files={message.files} message={message} isOutgoing={!failed} />}
          {failed ? (
            <Lazy
              part={failure}
              props={{ id: message.id, code: message.failed ?? "", hasFiles: message.files !== undefined }}
            />
          ) : (
            !leads && waits && <Pending />
          )}
        </div>
      </article>
    </div>
  )
}

/** Shown only when it takes long enough to be noticed (message.css). */
function Pending() {
  const words = usePending()
  return (
    <p className="message__pending">
      <Icon of={Clock3} /> <span key={words}>{words}</span>
    </p>
  )
}

function usePending(): string {
  const t = useWords()
  const live = useChatState(({ connection }) => connection.status === "live")
  return t(live ? "outgoing.pending" : "outgoing.offline")
}
