/** Where a bot is told of mentions and of its command. */
import { useWords } from "../context.ts"
import { Field } from "../kit/Field.tsx"
import type { WebhookFlaw, WebhookWriting } from "./useWebhook.ts"

interface WebhookFieldsProps {
  readonly writing: WebhookWriting
  /** Where it may be. */
  readonly hosts: readonly string[]
  readonly flaw: WebhookFlaw | null
  readonly focused?: boolean
}

export function WebhookFields({ writing, hosts, flaw, focused = false }: WebhookFieldsProps) {
  const t = useWords()
  return (
    <>
      <Field
        label={t("bots.url")}
        value={writing.url}
        onChange={writing.setUrl}
        required
        focused={focused}
        maxLength={2_000}
        hint={hosts.includes("*") ? t("bots.urlAnywhere") : t("bots.urlHosts", { hosts: hosts.join(", ") })}
        error={flaw === "url" ? t("bots.urlFlaw") : null}
      />
      <Field
        label={t("bots.command")}
        value={writing.command}
        onChange={writing.setCommand}
        maxLength={33}
        hint={t("bots.commandHint")}
        error={flaw === "command" ? t("bots.commandFlaw") : null}
      />
    </>
  )
}
