/** The name belongs to somebody who is here: six digits from one of their devices, or an admin's word. */
import { type FormEvent, useState } from "react"
import { passkeysWork } from "../../browser/passkeys.ts"
import type { Door } from "../../core/door.ts"
import type { Confirming } from "../../core/entrance.ts"
import { useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Field } from "../kit/Field.tsx"
import { inGroups } from "../kit/inGroups.ts"
import { Quiet } from "../kit/Quiet.tsx"
import { untranslated } from "../kit/untranslated.ts"
import { Challenges } from "./Challenges.tsx"
import type { LoginState } from "./Login.tsx"
import { LoginTrouble } from "./LoginTrouble.tsx"
import { passkeySignIn } from "./parts.ts"
import { useApproval } from "./useApproval.ts"
import type { ChallengeDesk } from "./useChallenges.ts"
import { clockTime, useWait } from "./useWait.ts"
import { WorkProgress } from "./WorkProgress.tsx"

interface ConfirmProps {
  readonly door: Door
  readonly state: LoginState
  readonly confirming: Confirming
  readonly challenges: ChallengeDesk
  /** Somebody has a recovery code for this name. */
  readonly onRecovery: () => void
}

const FORM = "confirm"
const DIGITS = 6

export function Confirm({ door, state, confirming, challenges, onRecovery }: ConfirmProps) {
  const t = useWords()
  const { facts, work, refusal } = state
  const [code, setCode] = useState("")
  const waiting = useWait(refusal?.retry_at ?? null)
  const left = useWait(confirming.expires_at)
  const paused = left === 0 || waiting > 0

  useApproval(door, challenges, !paused)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void door.confirm(code, challenges.answers).then(() => setCode(""))
  }
  return (
    <div className="login__form">
      <h2 className="login__subtitle">{t("confirm.title", { name: confirming.name })}</h2>
      <p>{t("confirm.text")}</p>
      <p className="login__compare">
        {t("confirm.compare")} <output ref={untranslated}>{inGroups(confirming.compare)}</output>
      </p>
      <LoginTrouble refusal={refusal} ended={null} waiting={waiting} />
      <form id={FORM} noValidate onSubmit={submit}>
        <Field
          label={t("confirm.code")}
          value={code}
          onChange={(value) => setCode(value.replace(/\D/g, "").slice(0, DIGITS))}
          inputMode="numeric"
          autoComplete="one-time-code"
          focused
          required
          hint={left > 0 ? t("confirm.left", { time: clockTime(left) }) : t("confirm.expired")}
        />
      </form>
      <Challenges facts={facts} active challenges={challenges} />
      <Button form={FORM} kind="primary" type="submit" disabled={code.length !== DIGITS || work !== null || paused}>
        {t("login.enter")}
      </Button>
      <Button kind="quiet" onClick={onRecovery}>
        {t("confirm.recovery")}
      </Button>
      <Quiet part={passkeySignIn} props={{ door, state, challenges }} due={passkeysWork()} />
      <Button kind="quiet" onClick={door.cancelConfirmation}>
        {t("confirm.back")}
      </Button>
      <WorkProgress work={work} />
    </div>
  )
}
