/** One hook in the list: where it posts, who made it, when it was used and when it was refused last. */
import { Webhook } from "lucide"
import type { Hook } from "../../core/programs.ts"
import { nameOf } from "../../core/room.ts"
import { useChatState, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Icon } from "../kit/Icon.tsx"
import { useNow } from "../kit/useNow.ts"
import { refusalWords } from "../refusalWords.ts"

interface HookItemProps {
  readonly hook: Hook
  readonly onRotate: () => void
  readonly onRevoke: () => void
}

export function HookItem({ hook, onRotate, onRevoke }: HookItemProps) {
  const t = useWords()
  const now = useNow(60_000)
  const { name, created_at, used_at, failed_at, failure } = hook
  const channel = useChatState(({ room }) => room.channels[hook.channel]?.name)
  const by = useChatState(({ room }) => nameOf(room, hook.created_by) ?? t("member.gone"))
  const created = t.ago(created_at, now)
  return (
    <li className="device device--wraps">
      <Icon of={Webhook} />
      <div className="device__words">
        <bdi className="device__name">{name}</bdi>
        <span className="device__seen">
          {channel === undefined ? t("hooks.nowhere") : t("hooks.in", { channel })} {t("hooks.made", { created, by })}{" "}
          {used_at === null ? t("hooks.never") : t("hooks.used", { used: t.ago(used_at, now) })}
        </span>
        {failed_at !== null && (
          <span className="device__seen hook__failure">
            {t("hooks.refusedAt", { when: t.ago(failed_at, now), why: refusalWords(t, failure ?? "", "hooks.last") })}
          </span>
        )}
      </div>
      <div className="device__buttons">
        <Button small label={t("hooks.rotateOne", { name })} onClick={onRotate}>
          {t("hooks.rotate")}
        </Button>
        <Button small label={t("hooks.revokeOne", { name })} onClick={onRevoke}>
          {t("hooks.revoke")}
        </Button>
      </div>
    </li>
  )
}
