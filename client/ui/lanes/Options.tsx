/** One of a few that want more words than a list of choices has room for. */
import { useId } from "react"

interface OptionsProps<T extends string> {
  readonly label: string
  readonly hint?: string
  readonly options: readonly { readonly id: T; readonly name: string }[]
  readonly value: T
  readonly onChange: (value: T) => void
}

export function Options<T extends string>({ label, hint, options, value, onChange }: OptionsProps<T>) {
  const name = useId()
  return (
    <fieldset className="options">
      <legend className="field__label">{label}</legend>
      {options.map((option) => (
        <label key={option.id} className="check">
          <input type="radio" name={name} checked={option.id === value} onChange={() => onChange(option.id)} />
          <span>{option.name}</span>
        </label>
      ))}
      {hint !== undefined && <p className="field__hint">{hint}</p>}
    </fieldset>
  )
}
