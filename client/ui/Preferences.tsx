/** Language and look, at the foot of the login and in the settings. */

import { THEMES } from "../browser/theme.ts"
import { LANGUAGES } from "../i18n/translate.ts"
import { useApp } from "./context.ts"
import { Choice } from "./kit/Choice.tsx"

export function Preferences() {
  const { t, theme, setTheme, setLanguage } = useApp()
  return (
    <div className="preferences">
      <Choice
        label={t("settings.language")}
        options={LANGUAGES.map(({ id, name }) => ({ id, name }))}
        value={t.language}
        onChange={setLanguage}
      />
      <Choice
        label={t("settings.theme")}
        options={THEMES.map((id) => ({ id, name: t(`settings.theme.${id}`) }))}
        value={theme}
        onChange={setTheme}
      />
    </div>
  )
}
