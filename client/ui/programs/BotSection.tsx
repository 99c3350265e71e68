/** Programs that read, answer and act: make one, see which there are, change where they are told, renew and revoke them. */
import { useEffect, useState } from "react"
import { createBots } from "../../core/bots.ts"
import type { Bot } from "../../core/programs.ts"
import { useApp, useChat, useWatched } from "../context.ts"
import { ConfirmDialog } from "../dialogs/ConfirmDialog.tsx"
import { NotLoaded } from "../kit/NotLoaded.tsx"
import { BotForm } from "./BotForm.tsx"
import { BotItem } from "./BotItem.tsx"
import { BotRecipes } from "./BotRecipes.tsx"
import { BotSecretsBox } from "./BotSecretsBox.tsx"
import { NewProgram } from "./NewProgram.tsx"
import { useProgramCount } from "./useProgramCount.ts"
import { WebhookDialog } from "./WebhookDialog.tsx"

/** What an admin has pressed and not yet confirmed. */
interface Asked {
  readonly what: "rotate" | "revoke" | "webhook"
  readonly bot: Bot
}

export function BotSection() {
  const { t } = useApp()
  const chat = useChat()
  const [bots] = useState(() => createBots(chat))
  const state = useWatched(bots.store, (value) => value)
  const count = useProgramCount()
  const [isMaking, setMaking] = useState(false)
  const [asked, setAsked] = useState<Asked | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another admin has made one, or ended one
  useEffect(() => void bots.load(), [bots, count])
  const { bots: all, hosts, isMissing, shown } = state
  // A dialog on top keeps the focus, which belongs into what is new.
  const isShown = shown !== null && asked === null
  const close = () => setAsked(null)
  return (
    <section className="form" aria-label={t("bots")}>
      <h3 className="settings__heading">{t("bots")}</h3>
      <p>{t("bots.text")}</p>
      {isShown && <BotSecretsBox key={shown.token + shown.secret} bots={bots} shown={shown} />}
      {!isShown && isMaking && <BotForm bots={bots} onClose={() => setMaking(false)} />}
      {!isShown && !isMaking && <NewProgram words={t("bots.new")} onPress={() => setMaking(true)} />}
      {isMissing && <NotLoaded text={t("devices.failed")} onRetry={() => void bots.load()} />}
      {all === null && !isMissing && <p role="status">{t("loading")}</p>}
      {all?.length === 0 && !isMaking && <p className="field__hint">{t("bots.none")}</p>}
      {all !== null && all.length > 0 && (
        <ul className="devices">
          {all.map((bot) => (
            <BotItem
              key={bot.id}
              bot={bot}
              test={state.test?.id === bot.id ? state.test : null}
              mayBeTold={hosts.length > 0}
              onTest={() => void bots.tryOut(bot)}
              onWebhook={() => setAsked({ what: "webhook", bot })}
              onRotate={() => setAsked({ what: "rotate", bot })}
              onRevoke={() => setAsked({ what: "revoke", bot })}
            />
          ))}
        </ul>
      )}
      {all !== null && all.length > 0 && !isShown && !isMaking && <BotRecipes shown={null} />}
      {asked?.what === "webhook" && <WebhookDialog bots={bots} bot={asked.bot} onClose={close} />}
      {asked !== null && asked.what !== "webhook" && (
        <ConfirmDialog
          title={t(`bots.${asked.what}Title`, { name: asked.bot.name })}
          action={t(`bots.${asked.what}`)}
          place="bots"
          onConfirm={() => (asked.what === "rotate" ? bots.rotate(asked.bot) : bots.revoke(asked.bot))}
          onClose={close}
        >
          <p>{t(`bots.${asked.what}Text`)}</p>
        </ConfirmDialog>
      )}
    </section>
  )
}
