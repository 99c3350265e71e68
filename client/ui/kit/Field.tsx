/** A labelled line of text. */
import { type ReactNode, useEffect, useId, useRef } from "react"
import { FieldError } from "./FieldError.tsx"

interface FieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly type?: "text" | "password"
  readonly hint?: string
  readonly error?: string | null
  readonly required?: boolean
  readonly maxLength?: number
  readonly autoComplete?: string
  readonly focused?: boolean
  readonly inputMode?: "numeric" | "text"
  readonly name?: string
  /** An element at the end of the line, such as a button. */
  readonly end?: ReactNode
}

export function Field(props: FieldProps) {
  const { label, value, onChange, type = "text", hint, error, required, maxLength, autoComplete, focused } = props
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  // Once: who goes elsewhere is left in peace.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (focused) input.current?.focus()
  }, [])
  const described = [hint === undefined ? "" : `${id}-hint`, error ? `${id}-error` : ""].filter(Boolean).join(" ")
  return (
    <div className="field">
      <label className="field__label" htmlFor={id}>
        {label}
      </label>
      <div className="field__line">
        <input
          ref={input}
          id={id}
          className="field__input"
          // as: Preact's types want each kind of input written out; these two take the same attributes.
          type={type as "text"}
          value={value}
          name={props.name ?? id}
          required={required}
          autoComplete={autoComplete ?? "off"}
          data-focus={focused ? "" : undefined}
          aria-invalid={Boolean(error)}
          inputMode={props.inputMode}
          maxLength={maxLength}
          aria-describedby={described || undefined}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
        {props.end}
      </div>
      {hint !== undefined && (
        <p className="field__hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <FieldError id={`${id}-error`}>{error}</FieldError>
    </div>
  )
}
