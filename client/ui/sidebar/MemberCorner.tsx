/** Oneself: name, role, state of the line, and the way to the settings. */
import { Settings } from "lucide"
import { useChatState, useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { Avatar } from "../kit/Avatar.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { Quiet } from "../kit/Quiet.tsx"
import { Secured } from "../people/Secured.tsx"
import { moonSign } from "../quiet.ts"
import { ConnectionBadge } from "./ConnectionBadge.tsx"

export function MemberCorner() {
  const t = useWords()
  const dialogs = useDialogs()
  const me = useChatState(({ room }) => room.me)
  return (
    <footer className="member-corner">
      {/* The initials are a picture: inside the button they would be words that its name does not have. */}
      <div className="member-corner__face">
        <Avatar name={me.name} />
        <button className="member-corner__me" type="button" data-member={me.id} aria-label={t("profile.own")} />
      </div>
      <div className="member-corner__words">
        <span className="member-corner__line">
          <span className="member-corner__name">{me.name}</span> <Secured member={me.id} />
        </span>
        <span className="member-corner__line">
          <ConnectionBadge /> {me.role === "admin" && <span className="role">{t("role.admin")}</span>}
        </span>
      </div>
      <Quiet part={moonSign} props={{}} />
      <IconButton icon={Settings} name={t("settings")} onClick={() => dialogs.show({ kind: "settings" })} />
    </footer>
  )
}
