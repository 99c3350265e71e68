/** Beside the name of a channel that one has muted. */
import { BellOff } from "lucide"
import { useWords } from "../context.ts"
import { Icon } from "../kit/Icon.tsx"

export function MutedSign() {
  const t = useWords()
  return (
    <span className="channel-list__sign">
      <Icon of={BellOff} />
      <span className="for-listeners">{t("channels.muted")}</span>
    </span>
  )
}
