/** When one is not to be disturbed, in the settings. */
import { useWords } from "../context.ts"
import { Quieting } from "./Quieting.tsx"

export function DisturbPanel() {
  const t = useWords()
  return (
    <section>
      <h3 className="settings__heading">{t("disturb")}</h3>
      <Quieting />
    </section>
  )
}
