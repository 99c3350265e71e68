/** Beside the button that sends: what sends later. Above the box stands how much is to be sent, and what could not be. */
import { ChevronUp } from "lucide"
import { useChatState, useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { scheduled, sendLater } from "./parts.ts"

export function SendLater() {
  const t = useWords()
  const dialogs = useDialogs()
  const { waiting, failed } = useChatState((state) => state.scheduled)
  const words = failed > 0 ? t("scheduled.failed", { count: failed }) : t("scheduled.count", { count: waiting })
  return (
    <>
      <IconButton
        className="composer__later"
        icon={ChevronUp}
        name={t("scheduled.later")}
        onClick={() => dialogs.show({ kind: "part", part: sendLater, title: t("scheduled.later") })}
      />
      {waiting + failed > 0 && (
        <button
          className={failed > 0 ? "composer__scheduled composer__scheduled--failed" : "composer__scheduled"}
          type="button"
          onClick={() => dialogs.show({ kind: "part", part: scheduled, title: t("scheduled") })}
        >
          <span key={words}>{words}</span>
        </button>
      )}
    </>
  )
}
