/** What is no channel and concerns the member alone: what happened around them, and what they have saved. */
import { AtSign, Bookmark } from "lucide"
import { useChatState, useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { activity, saved } from "../kept/parts.ts"
import { Icon } from "../kit/Icon.tsx"
import { keyNames } from "../kit/keyNames.ts"

export function Places() {
  const t = useWords()
  const dialogs = useDialogs()
  const count = useChatState(({ unseen }) => unseen)
  const [title, kept] = [t("activity"), t("saved")]
  const name = `${count > 0 ? t("activity.count", { count }) : title} (${keyNames("Alt Shift M")})`
  return (
    <>
      {/* The count stands over the button: inside it would be words that its name does not have. */}
      <span className="activity">
        <button
          className="sidebar__place"
          type="button"
          title={name}
          aria-label={name}
          onClick={() => dialogs.show({ kind: "part", part: activity, title })}
        >
          <Icon of={AtSign} />
          <span>{title}</span>
        </button>
        {count > 0 && (
          <span className="activity__count" aria-hidden="true">
            {count > 99 ? "99+" : t.number(count)}
          </span>
        )}
      </span>
      <button
        className="sidebar__place"
        type="button"
        onClick={() => dialogs.show({ kind: "part", part: saved, title: kept })}
      >
        <Icon of={Bookmark} />
        <span>{kept}</span>
      </button>
    </>
  )
}
