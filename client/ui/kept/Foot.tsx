/** What stands below a list of messages: that it comes, that it did not, or that there is nothing in it. */
import { useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"

export type Stage = "loading" | "failed" | "ready"

interface FootProps {
  readonly stage: Stage
  readonly isEmpty: boolean
  readonly nothing: string
  readonly onRetry: () => void
}

export function Foot({ stage, isEmpty, nothing, onRetry }: FootProps) {
  const t = useWords()
  return (
    <div className="media__foot" role="status">
      {stage === "loading" && isEmpty && <p>{t("loading")}</p>}
      {stage === "failed" && <p>{t("kept.failed")}</p>}
      {stage === "failed" && <Button onClick={onRetry}>{t("retry")}</Button>}
      {stage === "ready" && isEmpty && <p>{nothing}</p>}
    </div>
  )
}
