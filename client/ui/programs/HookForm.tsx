/** A new hook: what it is called, where its messages stand, and what their sender may choose. */
import { type FormEvent, useState } from "react"
import { GENERAL } from "../../core/contract.ts"
import { HOOK_RIGHTS, type HookRight, type Hooks } from "../../core/hooks.ts"
import { isEmpty } from "../../core/visible.ts"
import { useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Choice } from "../kit/Choice.tsx"
import { Field } from "../kit/Field.tsx"
import { useRefusalWords } from "../recovery/useRefusalWords.ts"
import { Checks } from "./Checks.tsx"
import { useNewProgram } from "./useNewProgram.ts"

export function HookForm({ hooks, onClose }: { hooks: Hooks; onClose: () => void }) {
  const t = useWords()
  const refusalWords = useRefusalWords()
  const { opened, channels, longest, name, setName, refusal, busy, make } = useNewProgram(onClose)
  const [chosen, setChannel] = useState(opened)
  const [rights, setRights] = useState<readonly HookRight[]>(["name"])
  const channel = channels.some(({ id }) => id === chosen) ? chosen : GENERAL
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (busy || isEmpty(name)) return
    void make(() => hooks.create({ name: name.trim(), channel, rights }))
  }
  return (
    <form className="form" noValidate onSubmit={submit}>
      <Field
        label={t("hooks.name")}
        value={name}
        onChange={setName}
        required
        focused
        maxLength={longest}
        hint={t("hooks.nameHint")}
        error={refusal === null ? null : refusalWords(refusal, "hooks")}
      />
      <Choice label={t("hooks.channel")} value={channel} onChange={setChannel} options={channels} />
      <Checks
        label={t("hooks.may")}
        options={HOOK_RIGHTS.map((id) => ({ id, name: t(`hooks.right.${id}`) }))}
        chosen={rights}
        onChange={setRights}
      />
      <div className="form__buttons">
        <Button onClick={onClose}>{t("cancel")}</Button>
        <Button kind="primary" type="submit" busy={busy} disabled={isEmpty(name)}>
          {t("hooks.make")}
        </Button>
      </div>
    </form>
  )
}
