/** Asks the people of a channel something. There is always an empty line for one more option, up to ten. */
import { type FormEvent, useState } from "react"
import { MOST_OPTION, MOST_OPTIONS, MOST_QUESTION, optionsOf } from "../../core/polls.ts"
import { Refused } from "../../core/requests.ts"
import { isEmpty } from "../../core/visible.ts"
import { useChat, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { FieldError } from "../kit/FieldError.tsx"
import { useThere } from "../kit/useThere.ts"
import { refusalWords } from "../refusalWords.ts"

interface PollDialogProps {
  readonly channel: string
  /** As far as it was begun. */
  readonly question: string
  readonly onClose: () => void
}

export function PollDialog({ channel, question: begun, onClose }: PollDialogProps) {
  const t = useWords()
  const chat = useChat()
  const there = useThere()
  // The same for each try, so that one whose answer was lost is not posted twice.
  const [id] = useState(() => crypto.randomUUID())
  const [question, setQuestion] = useState(begun)
  const [lines, setLines] = useState<readonly string[]>(["", ""])
  const [multiple, setMultiple] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  const write = (place: number, line: string) => {
    const next = lines.with(place, line)
    setLines(next.at(-1)?.trim() && next.length < MOST_OPTIONS ? [...next, ""] : next)
    setTrouble(null)
  }
  const ask = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    const options = optionsOf(lines)
    if (options === null) return setTrouble(t("polls.two"))
    setBusy(true)
    setTrouble(null)
    const answer = await chat.ask({ type: "poll.create", id, channel, question, options, multiple })
    setBusy(false)
    if (answer instanceof Refused) {
      if (there.current) setTrouble(refusalWords(t, answer.code))
      else chat.showNotice(answer.code)
      return
    }
    onClose()
    chat.toNewest()
  }
  return (
    <Dialog title={t("polls.title")} onClose={onClose}>
      <form className="form" onSubmit={(event) => void ask(event)}>
        <Line label={t("polls.question")} value={question} most={MOST_QUESTION} focused onChange={setQuestion} />
        {lines.map((line, place) => (
          <Line
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
            key={place}
            label={t("polls.option", { number: place + 1 })}
            value={line}
            most={MOST_OPTION}
            onChange={(next) => write(place, next)}
          />
        ))}
        <label className="check">
          <input type="checkbox" checked={multiple} onChange={() => setMultiple(!multiple)} />
          <span>{t("polls.multiple")}</span>
        </label>
        <FieldError>{trouble !== null && trouble}</FieldError>
        <div className="form__buttons">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button kind="primary" type="submit" busy={busy} disabled={isEmpty(question)}>
            {t("polls.ask")}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

interface LineProps {
  readonly label: string
  readonly value: string
  readonly most: number
  readonly focused?: boolean
  readonly onChange: (value: string) => void
}

function Line({ label, value, most, focused, onChange }: LineProps) {
  return (
    <label className="field">
      <span className="field__label">{label}</span>
      <span className="field__line">
        <input
          className="field__input"
          value={value}
          maxLength={most}
          autoComplete="off"
          data-focus={focused ? "" : undefined}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      </span>
    </label>
  )
}
