/** The way to what happened around the member, with how much of it is new. */
import { AtSign } from "lucide"
import { useChatState, useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { activity } from "../kept/parts.ts"
import { IconButton } from "../kit/IconButton.tsx"
import { keyNames } from "../kit/keyNames.ts"

export function ActivityButton() {
  const t = useWords()
  const dialogs = useDialogs()
  const count = useChatState(({ unseen }) => unseen)
  const title = t("activity")
  const name = count > 0 ? t("activity.count", { count }) : title
  return (
    <span className="activity">
      <IconButton
        icon={AtSign}
        name={`${name} (${keyNames("Alt Shift M")})`}
        onClick={() => dialogs.show({ kind: "part", part: activity, title })}
      />
      {count > 0 && (
        <span className="activity__count" aria-hidden="true">
          {count > 99 ? "99+" : t.number(count)}
        </span>
      )}
    </span>
  )
}
