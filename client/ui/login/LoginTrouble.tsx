/** Why the last attempt did not succeed, and what to do about it. */
import type { Ending, LoginRefusal } from "../../core/entrance.ts"
import { useWords } from "../context.ts"

interface LoginTroubleProps {
  readonly refusal: LoginRefusal | null
  readonly ended: Ending | null
  readonly waiting: number
}

export function LoginTrouble({ refusal, ended, waiting }: LoginTroubleProps) {
  const t = useWords()
  if (refusal === null) {
    return ended !== null ? (
      <p className="login__notice" role="status">
        {t(`login.${ended}`)}
      </p>
    ) : null
  }
  const key = `login.refused.${refusal.code}`
  if (refusal.retry_at !== null && waiting === 0) return null
  return (
    <p className="login__trouble" role="alert">
      {t.has(key) ? t(key) : t("login.refused.internal")}
    </p>
  )
}
