/** One bot in the list: where it is, what it may do, who made it, when it was used, and what did not work last. */
import { Bot } from "lucide"
import type { BotTest } from "../../core/bots.ts"
import type { Bot as Known } from "../../core/programs.ts"
import { nameOf } from "../../core/room.ts"
import { useChatState, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Icon } from "../kit/Icon.tsx"
import { useNow } from "../kit/useNow.ts"
import { refusalWords } from "../refusalWords.ts"
import { useChannelNames } from "./useChannelNames.ts"

interface BotItemProps {
  readonly bot: Known
  /** The last test, if it was of this one. */
  readonly test: BotTest | null
  /** Whether it may have an address. */
  readonly mayBeTold: boolean
  readonly onTest: () => void
  readonly onWebhook: () => void
  readonly onRotate: () => void
  readonly onRevoke: () => void
}

export function BotItem({ bot, test, mayBeTold, onTest, onWebhook, onRotate, onRevoke }: BotItemProps) {
  const t = useWords()
  const now = useNow(60_000)
  const { name, webhook, created_at, used_at, failed_at, failure } = bot
  const channels = useChannelNames(bot.channels)
  const by = useChatState(({ room }) => nameOf(room, bot.created_by) ?? t("member.gone"))
  const rights = bot.rights.map((right) => `bots.short.${right}`).filter(t.has)
  const created = t.ago(created_at, now)
  return (
    <li className="device device--wraps">
      <Icon of={Bot} />
      <div className="device__words">
        <bdi className="device__name">{name}</bdi>
        <span className="device__seen">
          {channels === "" ? t("bots.nowhere") : t("bots.in", { channels })}{" "}
          {t("bots.mayDo", {
            rights: rights.length === 0 ? t("bots.nothing") : rights.map((key) => t(key)).join(", "),
          })}{" "}
          {t("hooks.made", { created, by })}{" "}
          {used_at === null ? t("hooks.never") : t("hooks.used", { used: t.ago(used_at, now) })}
        </span>
        {webhook !== null && (
          <span className="device__seen bot__webhook">
            {webhook.command === null
              ? t("bots.told", { url: webhook.url })
              : t("bots.toldCommand", { url: webhook.url, command: webhook.command })}
          </span>
        )}
        {bot.failing && <span className="device__seen hook__failure">{t("bots.failing")}</span>}
        {failed_at !== null && (
          <span className="device__seen hook__failure">
            {t(failure?.startsWith("webhook_") ? "bots.failedAt" : "hooks.refusedAt", {
              when: t.ago(failed_at, now),
              why: refusalWords(t, failure ?? "", "bots.last"),
            })}
          </span>
        )}
        <p className="device__seen" role="status">
          {test?.state === "done" && <span>{t("bots.tested")}</span>}
        </p>
        {test?.state === "refused" && (
          <p className="device__seen hook__failure" role="alert">
            {refusalWords(t, test.code, "bots.test")}
          </p>
        )}
      </div>
      <div className="device__buttons bot__buttons">
        {webhook !== null && (
          <Button small busy={test?.state === "waiting"} label={t("bots.testOne", { name })} onClick={onTest}>
            {t("bots.test")}
          </Button>
        )}
        {(mayBeTold || webhook !== null) && (
          <Button small label={t("bots.webhookTitle", { name })} onClick={onWebhook}>
            {t("bots.webhook")}
          </Button>
        )}
        <Button small label={t("bots.rotateOne", { name })} onClick={onRotate}>
          {t("bots.rotate")}
        </Button>
        <Button small label={t("hooks.revokeOne", { name })} onClick={onRevoke}>
          {t("hooks.revoke")}
        </Button>
      </div>
    </li>
  )
}
