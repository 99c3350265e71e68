/** At the foot of the sidebar: the way to a link for new people, for those who may make one. */
import { UserPlus } from "lucide"
import { useChatState, useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { Icon } from "../kit/Icon.tsx"
import { invitePeople } from "./parts.ts"

export function InviteButton() {
  const t = useWords()
  const dialogs = useDialogs()
  const invites = useChatState(({ room }) => room.invites)
  if (!invites) return null
  return (
    <button
      className="sidebar__invite"
      type="button"
      onClick={() => dialogs.show({ kind: "part", part: invitePeople, title: t("invite") })}
    >
      <Icon of={UserPlus} /> {t("invite")}
    </button>
  )
}
