/** What a member who is not secured may do about it. It stands where alerts do, and takes neither the focus nor the keys. */
import { OFFER, offeredKey, putOff } from "../../core/offer.ts"
import { useApp, useChat, useChatState } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { useRecoveryDialog } from "./useRecoveryDialog.ts"

/** @param required there is no later: the room wants secured names. */
export function Offer({ required }: { required: boolean }) {
  const { t, entrance, ports } = useApp()
  const chat = useChat()
  const open = useRecoveryDialog()
  const name = useChatState(({ room }) => room.me.name)
  const later = () => {
    const key = offeredKey(entrance.room, name)
    ports.shelf.set(key, JSON.stringify(putOff(ports.clock.now(), ports.shelf.get(key))))
    chat.store.update((state) => ({ ...state, alerts: state.alerts.filter(({ id }) => id !== OFFER) }))
  }
  return (
    <div className="alert alert--offer">
      <p className="alert__text">{t(required ? "name.required" : "name.offer")}</p>
      <Button small kind="primary" onClick={open}>
        {t("name.make")}
      </Button>
      {!required && (
        <Button small kind="quiet" onClick={later}>
          {t("name.later")}
        </Button>
      )}
    </div>
  )
}
