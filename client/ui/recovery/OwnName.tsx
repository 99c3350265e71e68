/** In the settings: whether one's name is secured, and the way to a recovery code. A code that was made is never shown again. */
import { useChatState, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Secured } from "../people/Secured.tsx"
import { useRecoveryDialog } from "./useRecoveryDialog.ts"

export function OwnName() {
  const t = useWords()
  const open = useRecoveryDialog()
  const { id, name, secured } = useChatState(({ room }) => room.me)
  return (
    <section>
      <h3 className="settings__heading">
        {t("name.own")} <Secured member={id} />
      </h3>
      <div className="form">
        <p>{t(secured ? "name.secured" : "name.open", { name })}</p>
        <div className="form__buttons">
          <Button onClick={open}>{t(secured ? "name.renew" : "name.make")}</Button>
        </div>
      </div>
    </section>
  )
}
