/** Links for new people: make one, and see which are open. */
import { useState } from "react"
import { useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { InviteForm } from "./InviteForm.tsx"
import { InviteList } from "./InviteList.tsx"
import { LinkBox } from "./LinkBox.tsx"
import { useHanding } from "./useHanding.ts"
import { useMaking } from "./useMaking.ts"

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const t = useWords()
  const words = useHanding()
  const { made, forget, ...making } = useMaking()
  const [times, setTimes] = useState(0)
  return (
    <Dialog title={t("invite")} onClose={onClose} wide>
      <div className="form">
        {made === null ? (
          <InviteForm {...making} onMake={(wanted) => void making.make(wanted).then(() => setTimes(times + 1))} />
        ) : (
          <>
            <LinkBox link={made.link} words={words} />
            <p className="field__hint">{t("invites.once", { when: t.moment(made.expires_at) })}</p>
            <div className="form__buttons">
              <Button onClick={forget}>{t("invites.another")}</Button>
            </div>
          </>
        )}
        <InviteList times={times} />
      </div>
    </Dialog>
  )
}
