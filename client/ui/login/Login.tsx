/** The door: name, password, and what the bot checks want. */
import { Eye, EyeOff } from "lucide"
import { type FormEvent, useMemo, useState } from "react"
import { passkeysWork } from "../../browser/passkeys.ts"
import { createDoor } from "../../core/door.ts"
import type { EntranceState } from "../../core/entrance.ts"
import { useApp } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Field } from "../kit/Field.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { Lazy } from "../kit/Lazy.tsx"
import { Quiet } from "../kit/Quiet.tsx"
import { RoomSign } from "../kit/RoomSign.tsx"
import { Scene } from "../kit/Scene.tsx"
import { Preferences } from "../Preferences.tsx"
import { Challenges } from "./Challenges.tsx"
import { Confirm } from "./Confirm.tsx"
import { LoginTrouble } from "./LoginTrouble.tsx"
import { linkForm, passkeySignIn, recoveryForm } from "./parts.ts"
import { Submit } from "./Submit.tsx"
import { useChallenges } from "./useChallenges.ts"
import { useWait } from "./useWait.ts"
import { WorkProgress } from "./WorkProgress.tsx"

export type LoginState = Extract<EntranceState, { stage: "login" }>

const FORM = "login"
/** src/limits.py: no room has a longer one. */
const MOST_PASSWORD = 1_000

export function Login({ state }: { state: LoginState }) {
  const { t, entrance, ports } = useApp()
  const door = useMemo(() => createDoor(entrance, ports), [entrance, ports])
  const { facts, work, refusal, confirming } = state
  const [name, setName] = useState(entrance.rememberedName)
  const [password, setPassword] = useState("")
  const [shown, setShown] = useState(false)
  const [touched, setTouched] = useState(false)
  const isByInvite = facts.access === "invite"
  const [missing, setMissing] = useState<"name" | "password" | null>(null)
  const [way, setWay] = useState<"password" | "code" | "link">("password")
  const challenges = useChallenges()
  const waiting = useWait(refusal?.retry_at ?? null)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    // Read the field, not the input events: some password managers fill it in without any.
    const form = new FormData(event.currentTarget)
    const given = { name: String(form.get("username") ?? ""), password: String(form.get("password") ?? "") }
    setName(given.name)
    setPassword(given.password)
    setTouched(true)
    const missing = given.name.trim() === "" ? "name" : given.password === "" ? "password" : null
    setMissing(missing)
    if (missing === null) void door.login(given, challenges.answers)
    else event.currentTarget.querySelector<HTMLElement>(`[name=${missing === "name" ? "username" : missing}]`)?.focus()
  }
  const touch = () => {
    setTouched(true)
    setMissing(null)
  }
  return (
    <main className="login">
      <Scene of="harbour" />
      <div className="login__card">
        <header className="login__header">
          <RoomSign title={facts.title} colour={facts.colour} />
          <h1 className="login__title">{facts.title}</h1>
          <p className="login__intro">{t("login.intro")}</p>
          {facts.supervision && <p className="login__intro">{t("login.supervision")}</p>}
        </header>
        {way === "code" ? (
          <Lazy part={recoveryForm} props={{ door, state, challenges, onBack: () => setWay("password") }} />
        ) : way === "link" ? (
          <Lazy part={linkForm} props={{ onBack: () => setWay("password") }} />
        ) : confirming !== null ? (
          <Confirm
            door={door}
            state={state}
            confirming={confirming}
            challenges={challenges}
            onRecovery={() => setWay("code")}
          />
        ) : (
          // The checks stand beside the form, not in it: ALTCHA's widget holds back the form that it finds itself in.
          <div className="login__form">
            <form id={FORM} className="login__form" noValidate onSubmit={submit} onInput={touch}>
              {state.replaced_at !== null && <Replaced at={state.replaced_at} onSeen={door.seeReplaced} />}
              <LoginTrouble
                refusal={refusal}
                ended={state.replaced_at === null ? state.ended : null}
                waiting={waiting}
              />
              <Field
                label={t("login.name")}
                name="username"
                value={name}
                onChange={setName}
                required
                error={missing === "name" ? t("login.nameMissing") : null}
                autoComplete="username webauthn"
                maxLength={facts.limits.name_characters}
                focused={name === ""}
              />
              <Field
                label={t(isByInvite ? "login.adminPassword" : "login.password")}
                name="password"
                type={shown ? "text" : "password"}
                value={password}
                onChange={setPassword}
                required
                error={missing === "password" ? t("login.passwordMissing") : null}
                autoComplete="current-password"
                maxLength={MOST_PASSWORD}
                focused={name !== ""}
                hint={t(isByInvite ? "login.inviteHint" : "login.passwordHint")}
                end={
                  <IconButton
                    icon={shown ? EyeOff : Eye}
                    name={t(shown ? "login.hidePassword" : "login.showPassword")}
                    pressed={shown}
                    onClick={() => setShown(!shown)}
                  />
                }
              />
            </form>
            <Challenges facts={facts} active={touched} challenges={challenges} />
            <Submit form={FORM} work={work} waiting={waiting}>
              {t("login.enter")}
            </Submit>
            <div className="login__ways">
              {passkeysWork() && (
                <div className="login__passkey">
                  <Quiet part={passkeySignIn} props={{ door, state, challenges, onUse: touch }} />
                </div>
              )}
              <Button kind="quiet" onClick={() => setWay("link")}>
                {t("login.link")}
              </Button>
              <Button kind="quiet" onClick={() => setWay("code")}>
                {t("login.recovery")}
              </Button>
            </div>
            <WorkProgress work={work} />
          </div>
        )}
      </div>
      <Preferences />
    </main>
  )
}

/** Somebody else has the name that this browser was signed in under. */
function Replaced({ at, onSeen }: { at: number; onSeen: () => Promise<void> }) {
  const { t, entrance } = useApp()
  return (
    <div className="login__notice" role="status">
      <p>{t("login.replaced", { name: entrance.rememberedName(), when: t.moment(at) })}</p>
      <Button small kind="quiet" onClick={() => void onSeen()}>
        {t("alert.seen")}
      </Button>
    </div>
  )
}
