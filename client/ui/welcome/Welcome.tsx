/** The first minute of a room: nobody else is here. A link for the team, and what to do first, ticked off by itself. */
import { Check } from "lucide"
import { pathOf } from "../../browser/places.ts"
import { useApp, useChatState } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { invitationCard, invitePeople } from "../invites/parts.ts"
import { CopyField } from "../kit/CopyField.tsx"
import { Icon } from "../kit/Icon.tsx"
import { Lazy } from "../kit/Lazy.tsx"
import { Scene } from "../kit/Scene.tsx"
import { roomLook } from "../profile/parts.ts"
import { useSteps } from "./useSteps.ts"

/** What it shows comes with it, so that nothing has to make room later; without it the card says that it is missing. */
export const furnish = () => invitationCard.load().catch(() => undefined)

export function Welcome({ channel }: { readonly channel: string }) {
  const { t, entrance } = useApp()
  const dialogs = useDialogs()
  const invites = useChatState(({ room }) => room.invites)
  const isAdmin = useChatState(({ room }) => room.me.role === "admin")
  const { done, onInvited } = useSteps(channel, dialogs.open === null)
  const entered = entrance.store.get()
  const title = entered.stage === "inside" ? entered.title : entrance.room
  const settings = () => dialogs.show({ kind: "settings" })
  const invite = () => dialogs.show({ kind: "part", part: invitePeople, title: t("invite") })
  const shape = () => dialogs.show({ kind: "part", part: roomLook, title: t("welcome.look") })
  const write = () => document.querySelector<HTMLElement>(".composer__text")?.focus()
  return (
    <section className="welcome" aria-label={t("welcome.title")}>
      <div className="welcome__scene">
        <Scene of="harbour" />
      </div>
      <h2 className="welcome__title">{t("welcome.title")}</h2>
      <p>{t("welcome.text", { title })}</p>
      <div className="welcome__cards">
        <div className="welcome__card">
          {invites ? (
            <>
              <h3 className="welcome__label">{t("welcome.team")}</h3>
              <Lazy part={invitationCard} props={{ onMade: onInvited }} />
            </>
          ) : (
            <Address />
          )}
        </div>
        <div className="welcome__card">
          <h3 className="welcome__label">{t("welcome.steps")}</h3>
          <ol className="welcome__steps">
            <Step words={t("welcome.hello")} done={done.includes("hello")} onDo={write} />
            {invites && <Step words={t("welcome.invite")} done={done.includes("invite")} onDo={invite} />}
            {/* Without it nothing can be switched on here, neither what is pushed nor what an open tab shows. */}
            {"Notification" in globalThis && (
              <Step words={t("welcome.notify")} done={done.includes("notify")} onDo={settings} />
            )}
            {isAdmin && (
              <>
                <Step words={t("welcome.look")} done={done.includes("look")} onDo={shape} />
                <Step words={t("welcome.keep")} done={done.includes("keep")} onDo={settings} />
              </>
            )}
          </ol>
        </div>
      </div>
    </section>
  )
}

/** For those who may make no link: where the room is, which lets nobody in. */
function Address() {
  const { t, entrance, ports } = useApp()
  return (
    <>
      <h3 className="welcome__label">{t("welcome.address")}</h3>
      <CopyField
        label={t("welcome.addressLabel")}
        value={ports.origin + pathOf(entrance.room)}
        copy={t("welcome.copy")}
        calm
      />
      <p className="field__hint">{t("welcome.passwordHint")}</p>
    </>
  )
}

function Step({ words, done, onDo }: { words: string; done: boolean; onDo: () => void }) {
  const { t } = useApp()
  return (
    <li>
      <button className={`welcome__step${done ? " welcome__step--done" : ""}`} type="button" onClick={onDo}>
        <span className="welcome__tick" aria-hidden="true">
          {done && <Icon of={Check} />}
        </span>
        <span>{words}</span>
        {done && <span className="for-listeners">{t("welcome.done")}</span>}
      </button>
    </li>
  )
}
