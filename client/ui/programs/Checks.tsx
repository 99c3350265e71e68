/** Any of a few. */
interface ChecksProps<T extends string> {
  readonly label: string
  readonly hint?: string
  readonly options: readonly { readonly id: T; readonly name: string }[]
  readonly chosen: readonly T[]
  readonly onChange: (chosen: readonly T[]) => void
}

export function Checks<T extends string>({ label, hint, options, chosen, onChange }: ChecksProps<T>) {
  const toggle = (id: T) =>
    onChange(options.map((each) => each.id).filter((each) => chosen.includes(each) !== (each === id)))
  return (
    <fieldset className="checks">
      <legend>{label}</legend>
      <div className="checks__options">
        {options.map(({ id, name }) => (
          <label key={id} className="check">
            <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
            <span>{name}</span>
          </label>
        ))}
      </div>
      {hint !== undefined && <p className="field__hint">{hint}</p>}
    </fieldset>
  )
}
