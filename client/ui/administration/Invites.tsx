/** The links that let somebody in, as the dialog for them shows them, and the way to it. */
import { useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { invitePeople, openInvites } from "../invites/parts.ts"
import { Button } from "../kit/Button.tsx"
import { Lazy } from "../kit/Lazy.tsx"

export function Invites() {
  const t = useWords()
  const dialogs = useDialogs()
  return (
    <>
      <Lazy part={openInvites} props={{ times: 0 }} />
      <div className="form__buttons">
        <Button onClick={() => dialogs.show({ kind: "part", part: invitePeople, title: t("invite") })}>
          {t("invite")}
        </Button>
      </div>
    </>
  )
}
