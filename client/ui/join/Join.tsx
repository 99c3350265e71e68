/** Somebody has followed a link: which room it leads to, who invites, one field and one button. */
import { useCallback } from "react"
import { useApp } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { RoomSign } from "../kit/RoomSign.tsx"
import { Scene } from "../kit/Scene.tsx"
import type { LoginState } from "../login/Login.tsx"
import { LoginTrouble } from "../login/LoginTrouble.tsx"
import { clockTime, useWait } from "../login/useWait.ts"
import { Preferences } from "../Preferences.tsx"
import { JoinForm } from "./JoinForm.tsx"
import { useInvite } from "./useInvite.ts"

interface JoinProps {
  /** Null: there is no room as the link names it. */
  readonly state: LoginState | null
  /** The secret, or DAMAGED. */
  readonly invitation: string
  /** Somebody does without the link. */
  readonly onDismiss: () => void
}

export function Join({ state, invitation, onDismiss }: JoinProps) {
  const { t, entrance } = useApp()
  const { invite, looking, look } = useInvite(invitation)
  const dismiss = useCallback(() => {
    entrance.show({ refusal: null, confirming: null })
    onDismiss()
  }, [entrance, onDismiss])
  const isInvalid = invite.status === "invalid" || state?.refusal?.code === "invite_invalid"
  const trouble = invite.status === "damaged" ? "damaged" : isInvalid ? "invalid" : null
  const title = state?.facts.title ?? t("join.damaged.title")
  // The card comes whole: one that grew when the answer is there would move what is read already.
  if (invite.status === "looking") {
    return (
      <main className="login">
        <Scene of="harbour" />
        <h1 className="for-listeners">{title}</h1>
        <p className="login__looking" role="status">
          {t("join.looking")}
        </p>
      </main>
    )
  }
  return (
    <main className="login">
      <Scene of="harbour" />
      <div className="login__card">
        <header className="login__header">
          <RoomSign title={state?.facts.title ?? ""} colour={state?.facts.colour ?? ""} />
          <h1 className="login__title">{title}</h1>
          {invite.status === "open" && (
            <p className="join__by">
              {t(invite.facts.kind === "device" ? "join.device" : "join.by", { name: invite.facts.by })}
            </p>
          )}
        </header>
        {trouble !== null ? (
          <div className="login__form" role="alert">
            {state !== null && <h2 className="login__subtitle">{t(`join.${trouble}.title`)}</h2>}
            <p>{t(`join.${trouble}.text`)}</p>
          </div>
        ) : invite.status === "failed" ? (
          <Unknown code={invite.code} retry_at={invite.retry_at} looking={looking} onRetry={look} />
        ) : (
          invite.status === "open" && state !== null && <JoinForm state={state} invite={invite} />
        )}
        {state !== null && (
          <Button kind={trouble === null ? "quiet" : "primary"} small={trouble === null} onClick={dismiss}>
            {t("join.otherWay")}
          </Button>
        )}
      </div>
      <Preferences />
    </main>
  )
}

interface UnknownProps {
  readonly code: string
  readonly retry_at: number | null
  readonly looking: boolean
  readonly onRetry: () => void
}

/** The server could not be asked about the link, or would not answer. */
function Unknown({ code, retry_at, looking, onRetry }: UnknownProps) {
  const { t } = useApp()
  const waiting = useWait(retry_at)
  return (
    <div className="login__form">
      <LoginTrouble refusal={{ code, retry_at }} ended={null} waiting={waiting} />
      <Button kind="primary" disabled={waiting > 0} busy={looking} onClick={onRetry}>
        {waiting > 0 ? t("login.wait", { time: clockTime(waiting) }) : t(looking ? "join.looking" : "retry")}
      </Button>
    </div>
  )
}
