/** The token of a bot and the secret that its receiver knows the chat by, shown this once: to copy, and how to begin. */
import type { BotSecrets, Bots } from "../../core/bots.ts"
import { useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { CopyField } from "../kit/CopyField.tsx"
import { BotRecipes } from "./BotRecipes.tsx"

export function BotSecretsBox({ bots, shown }: { bots: Bots; shown: BotSecrets }) {
  const t = useWords()
  const { name, token, secret } = shown
  return (
    <div className="hook-address">
      {token !== "" && <CopyField label={t("bots.token", { name })} value={token} copy={t("bots.copyToken")} />}
      {secret !== "" && (
        <CopyField label={t("bots.secret", { name })} value={secret} copy={t("bots.copySecret")} calm={token !== ""} />
      )}
      <p>{t(secret === "" ? "bots.onceToken" : "bots.once")}</p>
      <BotRecipes shown={shown} />
      <div className="form__buttons">
        <Button onClick={bots.forget}>{t("hooks.done")}</Button>
      </div>
    </div>
  )
}
