/** Another way in: a name and the recovery code that secures it. On top of a password that was right, the role stays its own. */
import { type FormEvent, useState } from "react"
import { type Door, nameFrom } from "../../core/door.ts"
import { asTyped, formatted, recoveryProof, troubleOf } from "../../core/recovery.ts"
import { useApp } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Field } from "../kit/Field.tsx"
import { Challenges } from "./Challenges.tsx"
import type { LoginState } from "./Login.tsx"
import { LoginTrouble } from "./LoginTrouble.tsx"
import { Submit } from "./Submit.tsx"
import { useApproval } from "./useApproval.ts"
import type { ChallengeDesk } from "./useChallenges.ts"
import { useWait } from "./useWait.ts"
import { WorkProgress } from "./WorkProgress.tsx"

interface RecoveryFormProps {
  readonly door: Door
  readonly state: LoginState
  readonly challenges: ChallengeDesk
  readonly onBack: () => void
}

const FORM = "recovery"
/** A code in its groups, however somebody has separated them. */
const MOST_TYPED = 100

export function RecoveryForm({ door, state, challenges, onBack }: RecoveryFormProps) {
  const { t, entrance, ports } = useApp()
  const { facts, work, refusal, confirming } = state
  const [name, setName] = useState(confirming?.name ?? entrance.rememberedName())
  const [code, setCode] = useState("")
  const [trouble, setTrouble] = useState<string | null>(null)
  const [nameMissing, setNameMissing] = useState(false)
  const waiting = useWait(refusal?.retry_at ?? null)
  // Whoever looks for the code meanwhile is let in all the same when an admin agrees.
  const left = useWait(confirming?.expires_at ?? null)
  useApproval(door, challenges, left > 0 && waiting === 0)
  const wrong = refusal?.code === "wrong_recovery"

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const found = troubleOf(code)
    const missing = confirming === null && name.trim() === ""
    setTrouble(found === null ? null : t(`recovery.trouble.${found}`, { count: asTyped(code).length }))
    setNameMissing(missing)
    if (missing || found !== null) {
      form.querySelector<HTMLElement>(`[name=${missing ? "username" : "code"}]`)?.focus()
      return
    }
    void door.prove(
      async ({ kdf }) => ({
        name: nameFrom(name),
        ...confirming?.given,
        recovery: await recoveryProof(asTyped(code), kdf.salt, ports.subtle),
      }),
      challenges.answers,
    )
  }
  const onInput = ({ target }: FormEvent<HTMLFormElement>) => {
    setNameMissing(false)
    if (!(target instanceof HTMLInputElement) || target.name !== "code") return
    setTrouble(null)
    const { text, caret } = formatted(target.value, target.selectionStart ?? target.value.length)
    // Before it is shown anew: a caret that is set with the text stays where it is.
    if (text !== target.value) {
      target.value = text
      target.setSelectionRange(caret, caret)
    }
    setCode(text)
  }
  const back = () => {
    entrance.show({ refusal: null })
    onBack()
  }
  return (
    <div className="login__form">
      <h2 className="login__subtitle">{t("recovery.title")}</h2>
      <form id={FORM} className="login__form" noValidate onSubmit={submit} onInput={onInput}>
        {wrong ? (
          <p className="login__trouble" role="alert">
            {t("recovery.wrong")}
          </p>
        ) : (
          <LoginTrouble refusal={refusal} ended={null} waiting={waiting} />
        )}
        {confirming === null ? (
          <Field
            label={t("login.name")}
            name="username"
            value={name}
            onChange={setName}
            required
            error={nameMissing ? t("login.nameMissing") : null}
            autoComplete="username"
            maxLength={facts.limits.name_characters}
            focused={name === ""}
          />
        ) : (
          <p>{t("recovery.of", { name })}</p>
        )}
        <Field
          label={t("recovery.code")}
          name="code"
          value={code}
          onChange={setCode}
          required
          error={trouble}
          maxLength={MOST_TYPED}
          focused={name !== ""}
          hint={t("recovery.hint")}
        />
      </form>
      <Challenges facts={facts} active challenges={challenges} />
      <Submit form={FORM} work={work} waiting={waiting}>
        {t("login.enter")}
      </Submit>
      <Button kind="quiet" onClick={back}>
        {t("recovery.back")}
      </Button>
      <WorkProgress work={work} />
    </div>
  )
}
