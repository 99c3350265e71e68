/** Language and look, at the foot of the login and in the settings. */
import { LANGUAGES } from "../i18n/translate.ts"
import { THEMES } from "../theme.ts"
import { useApp } from "./context.ts"

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

interface ChoiceProps<T extends string> {
  readonly label: string
  readonly options: readonly { readonly id: T; readonly name: string }[]
  readonly value: T
  readonly onChange: (value: T) => void
}

export function Choice<T extends string>({ label, options, value, onChange }: ChoiceProps<T>) {
  return (
    <label className="preferences__choice">
      <span className="preferences__label">{label}</span>
      <select
        className="preferences__select"
        value={value}
        onChange={(event) => {
          const chosen = options.find(({ id }) => id === event.currentTarget.value)
          if (chosen !== undefined) onChange(chosen.id)
        }}
      >
        {options.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
