/**
 * A button with words.
 *
 * Words that change are put on the page anew, here and elsewhere (`key`): a browser that translates the page has replaced
 * what stood there, and would not see the change.
 */
import type { ReactNode } from "react"

interface ButtonProps {
  readonly children: ReactNode
  readonly kind?: "primary" | "plain" | "quiet" | "danger"
  readonly type?: "button" | "submit"
  readonly small?: boolean
  readonly busy?: boolean
  readonly disabled?: boolean
  /** What screen readers say in place of the words, where these alone would not do. */
  readonly label?: string
  /** The form it belongs to, when it does not stand inside it. */
  readonly form?: string
  readonly onClick?: () => void
}

export function Button({
  children,
  kind = "plain",
  type = "button",
  small,
  busy,
  disabled,
  label,
  form,
  onClick,
}: ButtonProps) {
  return (
    <button
      className={`button button--${kind}${small ? " button--small" : ""}`}
      type={type}
      disabled={disabled}
      aria-label={label}
      aria-busy={busy}
      form={form}
      onClick={onClick}
    >
      {typeof children === "string" ? <span key={children}>{children}</span> : children}
    </button>
  )
}
