/** Why something was not taken, below the field or form it belongs to; read out as soon as it is there. */
import type { ReactNode } from "react"

interface FieldErrorProps {
  readonly id?: string
  /** The words; nothing is shown without any. */
  readonly children: ReactNode
}

export function FieldError({ id, children }: FieldErrorProps) {
  if (!children) return null
  return (
    <p className="field__error" id={id} role="alert">
      {children}
    </p>
  )
}
