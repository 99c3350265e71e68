/** A button with words. */
import type { ReactNode } from "react"

interface ButtonProps {
  readonly children: ReactNode
  readonly kind?: "primary" | "plain" | "quiet" | "danger"
  readonly type?: "button" | "submit"
  readonly small?: boolean
  readonly busy?: boolean
  readonly disabled?: boolean
  readonly onClick?: () => void
}

export function Button({ children, kind = "plain", type = "button", small, busy, disabled, onClick }: ButtonProps) {
  return (
    <button
      className={`button button--${kind}${small ? " button--small" : ""}`}
      type={type}
      disabled={disabled ?? false}
      aria-busy={busy ?? false}
      {...(onClick === undefined ? {} : { onClick })}
    >
      {children}
    </button>
  )
}
