/** The first minute of a room: nobody else is here. What to do first, each ticked off by itself once it is done. */
import { Check } from "lucide"
import { useEffect, useState } from "react"
import { pathOf } from "../../browser/places.ts"
import { EMPTY } from "../../core/timeline.ts"
import { pushState } from "../../push/device.ts"
import { useApp, useChat, useChatState } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { invitePeople } from "../invites/parts.ts"
import { CopyField } from "../kit/CopyField.tsx"
import { Icon } from "../kit/Icon.tsx"
import { Scene } from "../kit/Scene.tsx"
import { useThere } from "../kit/useThere.ts"
import { roomLook } from "../profile/parts.ts"

export function Welcome({ channel }: { readonly channel: string }) {
  const { t, entrance, ports } = useApp()
  const dialogs = useDialogs()
  const { invites, me, look } = useChatState(({ room }) => room)
  const spoken = useChatState(({ room }) =>
    (room.timelines[channel] ?? EMPTY).messages.some((each) => each.state === "said" && each.author === me.id),
  )
  const { invited, notified } = useDone(invites, dialogs.open === null)
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
          <h3 className="welcome__label">{t("welcome.steps")}</h3>
          <ol className="welcome__steps">
            <Step words={t("welcome.hello")} done={spoken} onDo={write} />
            {invites && <Step words={t("welcome.invite")} done={invited} onDo={invite} />}
            <Step words={t("welcome.notify")} done={notified} onDo={settings} />
            {me.role === "admin" && (
              <>
                <Step
                  words={t("welcome.look")}
                  done={Boolean(look?.name || look?.colour || look?.picture)}
                  onDo={shape}
                />
                <Step words={t("welcome.keep")} done={look?.keeps === true} onDo={settings} />
              </>
            )}
          </ol>
        </div>
        <div className="welcome__card">
          <h3 className="welcome__label">{t("welcome.address")}</h3>
          <CopyField
            label={t("welcome.addressLabel")}
            value={ports.origin + pathOf(entrance.room)}
            copy={t("welcome.copy")}
            calm
          />
          <p className="field__hint">{t(invites ? "welcome.linkHint" : "welcome.passwordHint")}</p>
        </div>
      </div>
    </section>
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

/** What only the server and this device know, asked for again whenever a dialog has been closed. */
function useDone(invites: boolean, asked: boolean) {
  const { entrance } = useApp()
  const chat = useChat()
  const there = useThere()
  const member = useChatState(({ room }) => room.me.id)
  const live = useChatState(({ connection }) => connection.status === "live")
  const [done, setDone] = useState({ invited: false, notified: false })
  useEffect(() => {
    if (!asked || !live) return
    const look = async () => {
      const notified = (await pushState(entrance.room, member)) === "on"
      const answer = invites ? await chat.ask({ type: "invites" }) : null
      const invited = answer !== null && "invites" in answer && answer.invites.length > 0
      if (there.current) setDone({ invited, notified })
    }
    void look()
  }, [asked, live, invites, member, chat, entrance, there])
  return done
}
