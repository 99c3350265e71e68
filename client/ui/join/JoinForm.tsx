/** A name and a button; on a link for one's own device only the button. */
import { type FormEvent, useMemo, useState } from "react"
import { createDoor, nameFrom } from "../../core/door.ts"
import { useApp } from "../context.ts"
import { Field } from "../kit/Field.tsx"
import { Lazy } from "../kit/Lazy.tsx"
import { Challenges } from "../login/Challenges.tsx"
import { Confirm } from "../login/Confirm.tsx"
import type { LoginState } from "../login/Login.tsx"
import { LoginTrouble } from "../login/LoginTrouble.tsx"
import { recoveryForm } from "../login/parts.ts"
import { Submit } from "../login/Submit.tsx"
import { useChallenges } from "../login/useChallenges.ts"
import { useWait } from "../login/useWait.ts"
import { WorkProgress } from "../login/WorkProgress.tsx"
import type { Invite } from "./useInvite.ts"

interface JoinFormProps {
  readonly state: LoginState
  readonly invite: Extract<Invite, { status: "open" }>
}

const FORM = "join"

export function JoinForm({ state, invite }: JoinFormProps) {
  const { t, entrance, ports } = useApp()
  const door = useMemo(() => createDoor(entrance, ports), [entrance, ports])
  const { facts, work, refusal, confirming } = state
  const [name, setName] = useState(entrance.rememberedName)
  const [recovering, setRecovering] = useState(false)
  const [missing, setMissing] = useState(false)
  const challenges = useChallenges()
  const waiting = useWait(refusal?.retry_at ?? null)
  const isOwn = invite.facts.kind === "device"
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const lacking = !isOwn && name.trim() === ""
    setMissing(lacking)
    if (lacking) return event.currentTarget.querySelector("input")?.focus()
    const request = isOwn ? { invite: invite.proof } : { name: nameFrom(name), invite: invite.proof }
    void door.prove(async () => request, challenges.answers)
  }
  if (recovering) {
    return <Lazy part={recoveryForm} props={{ door, state, challenges, onBack: () => setRecovering(false) }} />
  }
  if (confirming !== null) {
    return (
      <Confirm
        door={door}
        state={state}
        confirming={confirming}
        challenges={challenges}
        onRecovery={() => setRecovering(true)}
      />
    )
  }
  return (
    <div className="login__form">
      <form id={FORM} className="login__form" noValidate onSubmit={submit} onInput={() => setMissing(false)}>
        <LoginTrouble refusal={refusal} ended={null} waiting={waiting} />
        {isOwn ? (
          <p className="field__hint">{t("join.deviceHint")}</p>
        ) : (
          <Field
            label={t("login.name")}
            name="username"
            value={name}
            onChange={setName}
            required
            error={missing ? t("login.nameMissing") : null}
            hint={t("join.nameHint")}
            autoComplete="username"
            maxLength={facts.limits.name_characters}
            focused
          />
        )}
      </form>
      <Challenges facts={facts} active challenges={challenges} />
      <Submit form={FORM} work={work} waiting={waiting}>
        {t(isOwn ? "login.enter" : "join.enter")}
      </Submit>
      <WorkProgress work={work} />
    </div>
  )
}
