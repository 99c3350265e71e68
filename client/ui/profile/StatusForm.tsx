/** What one says of oneself: an emoji, a few words, and until when. */
import { Smile } from "lucide"
import { type FormEvent, useState } from "react"
import { ENDS, type End, SAYINGS, STATUS_CHARACTERS, untilOf } from "../../core/statuses.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { picker } from "../dialogs/parts.ts"
import { Button } from "../kit/Button.tsx"
import { Choice } from "../kit/Choice.tsx"
import { Field } from "../kit/Field.tsx"
import { FieldError } from "../kit/FieldError.tsx"
import { Icon } from "../kit/Icon.tsx"
import { Lazy } from "../kit/Lazy.tsx"
import { untilWords, useStatus } from "../people/useStatus.ts"
import { useRefusalWords } from "../recovery/useRefusalWords.ts"

/** Words alone have one, too. */
const WITHOUT_EMOJI = "💬"

export function StatusForm({ onDone }: { onDone: () => void }) {
  const t = useWords()
  const chat = useChat()
  const refusalWords = useRefusalWords()
  const me = useChatState(({ room }) => room.me.id)
  const said = useStatus(me)
  const [emoji, setEmoji] = useState(said?.emoji ?? "")
  const [text, setText] = useState(said?.text ?? "")
  const [end, setEnd] = useState<End | "same">(said?.until ? "same" : "never")
  const [picking, setPicking] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)
  const nothing = emoji === "" && text.trim() === ""
  const put = async (status: { emoji: string; text: string; until: number | null } | null) => {
    const code = await chat.change({ type: "profile.update", status })
    setTrouble(code)
    if (code !== null) return
    chat.showNotice("saved")
    onDone()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (nothing) return void put(null)
    const until = end === "same" ? (said?.until ?? null) : untilOf(end, chat.clock.now())
    void put({ emoji: emoji || WITHOUT_EMOJI, text: text.trim(), until })
  }
  const same = said?.until
    ? [{ id: "same" as const, name: t("profile.until", { when: untilWords(t, said.until, chat.clock.now()) }) }]
    : []
  return (
    <form className="form" noValidate onSubmit={submit}>
      <div className="status-form__line">
        <button
          className="status-form__emoji"
          type="button"
          aria-label={emoji === "" ? t("profile.emoji") : `${t("profile.emoji")}: ${emoji}`}
          aria-expanded={picking}
          onClick={() => setPicking(!picking)}
        >
          {emoji || <Icon of={Smile} />}
        </button>
        <Field label={t("profile.status")} value={text} onChange={setText} maxLength={STATUS_CHARACTERS} />
      </div>
      {picking && (
        // biome-ignore lint/a11y/noStaticElementInteractions: hears Escape, which is not to close the dialog
        <div
          className="status-form__picker"
          onKeyDown={(event) => {
            if (event.key !== "Escape") return
            event.preventDefault()
            event.stopPropagation()
            setPicking(false)
          }}
        >
          <Lazy
            part={picker}
            props={{
              onPick: (chosen) => {
                setEmoji(chosen)
                setPicking(false)
              },
            }}
          />
        </div>
      )}
      <fieldset className="status-form__sayings" aria-label={t("profile.sayings")}>
        {SAYINGS.map((saying) => {
          const words = t(`profile.say.${saying.id}`)
          return (
            <button
              key={saying.id}
              className="status-form__saying"
              type="button"
              onClick={() => {
                setEmoji(saying.emoji)
                setText(words)
                setEnd(saying.end)
              }}
            >
              <span aria-hidden="true">{saying.emoji}</span> {words}
            </button>
          )
        })}
      </fieldset>
      <Choice
        label={t("profile.end")}
        options={[...same, ...ENDS.map((id) => ({ id, name: t(`profile.end.${id}`) }))]}
        value={end}
        onChange={setEnd}
      />
      <FieldError>{trouble !== null && refusalWords(trouble)}</FieldError>
      <div className="form__buttons">
        <Button kind="primary" type="submit" disabled={nothing && said === null}>
          {t("profile.save")}
        </Button>
        {said !== null && <Button onClick={() => void put(null)}>{t("profile.clear")}</Button>}
      </div>
    </form>
  )
}
