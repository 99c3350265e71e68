/** One's own name: to change for who is known by more than it, and for others the way there. */
import { type FormEvent, useLayoutEffect, useState } from "react"
import { useChat, useChatState, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Field } from "../kit/Field.tsx"
import { untranslated } from "../kit/untranslated.ts"
import { useRecoveryDialog } from "../recovery/useRecoveryDialog.ts"
import { useRefusalWords } from "../recovery/useRefusalWords.ts"

/** src/limits.py: nobody has a longer one. */
const MOST_NAME = 40

export function NameForm() {
  const t = useWords()
  const chat = useChat()
  const secure = useRecoveryDialog()
  const refusalWords = useRefusalWords()
  const { name, secured } = useChatState(({ room }) => room.me)
  /** Until somebody types, the name as it is, wherever it changes. */
  const [typed, setTyped] = useState<string | null>(null)
  const [trouble, setTrouble] = useState<string | null>(null)
  const wanted = (typed ?? name).trim()
  // At once, so that nothing is lost that is typed since.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when it has changed, here or on another device
  useLayoutEffect(() => setTyped(null), [name])
  if (!secured) {
    return (
      <div className="form">
        <div>
          <strong ref={untranslated}>{name}</strong>
          <p className="field__hint">{t("profile.nameOpen")}</p>
        </div>
        <div className="form__buttons">
          <Button onClick={secure}>{t("name.make")}</Button>
        </div>
      </div>
    )
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const code = await chat.change({ type: "profile.update", name: wanted })
    setTrouble(code)
    if (code !== null) return
    chat.showNotice("saved")
  }
  return (
    <form className="form" noValidate onSubmit={(event) => void submit(event)}>
      <Field
        label={t("profile.name")}
        value={typed ?? name}
        onChange={setTyped}
        maxLength={MOST_NAME}
        hint={t("profile.nameHint")}
        error={trouble === null ? null : refusalWords(trouble, "profile")}
      />
      <div className="form__buttons">
        <Button kind="primary" type="submit" disabled={wanted === "" || wanted === name}>
          {t("profile.saveName")}
        </Button>
      </div>
    </form>
  )
}
