/** The address of a hook, shown this once: to copy, to try out, and where to enter it. */
import { Send } from "lucide"
import type { HookAddress, Hooks } from "../../core/hooks.ts"
import { useChatState, useWatched, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { CopyField } from "../kit/CopyField.tsx"
import { FieldError } from "../kit/FieldError.tsx"
import { Icon } from "../kit/Icon.tsx"
import { useRefusalWords } from "../recovery/useRefusalWords.ts"
import { Recipes } from "./Recipes.tsx"

export function HookAddressBox({ hooks, shown }: { hooks: Hooks; shown: HookAddress }) {
  const t = useWords()
  const refusalWords = useRefusalWords()
  const test = useWatched(hooks.store, (state) => state.test)
  const code = useWatched(hooks.store, (state) => state.code)
  const channel = useChatState(({ room }) => room.channels[shown.channel]?.name ?? "")
  return (
    <div className="hook-address">
      <CopyField label={t("hooks.address", { name: shown.name })} value={shown.address} copy={t("hooks.copy")}>
        <Button busy={test === "waiting"} onClick={() => void hooks.tryOut(t("hooks.testText"))}>
          <Icon of={Send} /> {t("hooks.test")}
        </Button>
      </CopyField>
      <p role="status">{test === "posted" && <span>{t("hooks.tested", { channel })}</span>}</p>
      <FieldError>{test === "refused" && refusalWords(code, "hooks.last")}</FieldError>
      <p>{t("hooks.once")}</p>
      <Recipes address={shown.address} />
      <div className="form__buttons">
        <Button onClick={hooks.forget}>{t("hooks.done")}</Button>
      </div>
    </div>
  )
}
