/** One scheduled message: where, when, what, and what can be done with it. */
import { Pencil, SendHorizontal, Trash2 } from "lucide"
import { type FormEvent, useState } from "react"
import type { ChangeRequest } from "../../core/chat.ts"
import { plainText } from "../../core/markdown.ts"
import { changeScheduled, momentOf, type Scheduled } from "../../core/scheduling.ts"
import { isEmpty } from "../../core/visible.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { placeName } from "../kept/KeptMessage.tsx"
import { Button } from "../kit/Button.tsx"
import { FieldError } from "../kit/FieldError.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { refusalWords } from "../refusalWords.ts"
import { When } from "./When.tsx"

export function ScheduledItem({ item }: { readonly item: Scheduled }) {
  const t = useWords()
  const chat = useChat()
  const [stage, setStage] = useState<"shown" | "edited" | "doomed">("shown")
  const [refusal, setRefusal] = useState<string | null>(null)
  const ask = async (request: ChangeRequest) => setRefusal(await chat.change(request))
  const drop = () => ask({ type: "schedule.delete", id: item.id })
  return (
    <li className="later__item">
      <Head item={item} />
      {stage === "edited" && <Editor item={item} onDone={() => setStage("shown")} />}
      {stage !== "edited" && <p className="hit__words">{plainText(item.body ?? "") || t("kept.unreadable")}</p>}
      {stage === "shown" && (
        <div className="later__tools">
          {item.body !== null && (
            <>
              <IconButton icon={Pencil} name={t("scheduling.edit")} onClick={() => setStage("edited")} />
              <IconButton
                icon={SendHorizontal}
                name={t("scheduling.now")}
                onClick={() => void ask({ type: "schedule.send", id: item.id })}
              />
            </>
          )}
          <IconButton icon={Trash2} kind="danger" name={t("scheduling.delete")} onClick={() => setStage("doomed")} />
        </div>
      )}
      {stage === "doomed" && (
        <div className="later__tools">
          <Button kind="danger" small onClick={() => void drop()}>
            {t("scheduling.delete")}
          </Button>
          <Button small onClick={() => setStage("shown")}>
            {t("cancel")}
          </Button>
        </div>
      )}
      <FieldError>{refusal !== null && refusalWords(t, refusal, "scheduling")}</FieldError>
    </li>
  )
}

function Head({ item }: { readonly item: Scheduled }) {
  const t = useWords()
  const now = useChat().clock.now()
  const channel = useChatState(({ room }) => room.channels[item.channel])
  return (
    <p className="later__head">
      <time className="later__time">{`${t.day(item.at, now)}, ${t.time(item.at)}`}</time>
      <span className="hit__place">{channel === undefined ? t("scheduling.gone") : placeName(t, channel)}</span>
      {item.failed !== "" && (
        <span className="field__error">
          {t("scheduling.failed", { why: refusalWords(t, item.failed, "scheduling") })}
        </span>
      )}
    </p>
  )
}

function Editor({ item, onDone }: { readonly item: Scheduled; readonly onDone: () => void }) {
  const t = useWords()
  const chat = useChat()
  const now = chat.clock.now()
  const most = useChatState(({ room }) => room.limits.body_characters)
  const [body, setBody] = useState(item.body ?? "")
  const [refusal, setRefusal] = useState<string | null>(null)
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const shown = momentOf(String(given.get("date")), String(given.get("time"))) ?? item.at
    // The fields show minutes: what was left as it is keeps its seconds.
    const at = Math.floor(shown / 60_000) === Math.floor(item.at / 60_000) ? item.at : shown
    const refused = await changeScheduled(chat, item, body, at)
    if (refused === null) onDone()
    else setRefusal(refused)
  }
  return (
    <form className="later__editor" onSubmit={(event) => void onSubmit(event)}>
      <textarea
        value={body}
        rows={3}
        maxLength={most}
        aria-label={t("scheduling.text")}
        onInput={(event) => setBody(event.currentTarget.value)}
      />
      <div className="later__when">
        <When at={item.at} now={now} />
        <Button type="submit" kind="primary" small disabled={isEmpty(body)}>
          {t("scheduling.save")}
        </Button>
        <Button small onClick={onDone}>
          {t("cancel")}
        </Button>
      </div>
      <FieldError>{refusal !== null && refusalWords(t, refusal, "scheduling")}</FieldError>
    </form>
  )
}
