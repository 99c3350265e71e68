/** Links for new people: make one, and see which are open. */
import { useState } from "react"
import { useApp, useChatState } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { InviteForm } from "./InviteForm.tsx"
import { InviteList } from "./InviteList.tsx"
import { LinkBox } from "./LinkBox.tsx"
import { useMaking } from "./useMaking.ts"

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t, entrance } = useApp()
  const me = useChatState(({ room }) => room.me)
  const { made, forget, ...making } = useMaking()
  const [times, setTimes] = useState(0)
  const state = entrance.store.get()
  const title = state.stage === "inside" ? state.title : entrance.room
  return (
    <Dialog title={t("invite")} onClose={onClose} wide>
      <div className="form">
        {made === null ? (
          <InviteForm {...making} onMake={(wanted) => void making.make(wanted).then(() => setTimes(times + 1))} />
        ) : (
          <>
            <LinkBox link={made.link} words={t("invites.words", { name: me.name, title })} />
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
