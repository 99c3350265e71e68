/** What the browser is doing between the press of the button and the answer. */
import type { Work } from "../../core/entrance.ts"
import { useWords } from "../context.ts"

export function WorkProgress({ work }: { work: Work | null }) {
  const t = useWords()
  if (work === null) return null
  const stretching = work.step === "stretching"
  return (
    <div className="login__progress" role="status">
      <span>{t(`login.work.${work.step}`)}</span>
      {stretching ? (
        <progress aria-label={t("login.work.stretching")} max={work.rounds} value={work.done} />
      ) : (
        <progress aria-label={t(`login.work.${work.step}`)} />
      )}
    </div>
  )
}
