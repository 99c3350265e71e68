/** Why the server would not take a message, and what can be done with it. */
import { TriangleAlert } from "lucide"
import { useChat, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Icon } from "../kit/Icon.tsx"

interface FailedProps {
  readonly id: string
  readonly code: string
  readonly hasFiles: boolean
}

export function Failed({ id, code, hasFiles }: FailedProps) {
  const t = useWords()
  const chat = useChat()
  const ofFiles = `refused.files.${code}`
  const key = hasFiles && t.has(ofFiles) ? ofFiles : `refused.${code}`
  return (
    <div className="message__refused" role="alert">
      <Icon of={TriangleAlert} /> <span>{t.has(key) ? t(key) : t("outgoing.failed")}</span>
      <Button kind="plain" small onClick={() => chat.retry(id)}>
        {t("retry")}
      </Button>
      <Button kind="quiet" small onClick={() => chat.discard(id)}>
        {t("discard")}
      </Button>
    </div>
  )
}
