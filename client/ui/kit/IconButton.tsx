/** A button that shows an icon, and its name on hover and to screen readers. */
import type { IconNode } from "lucide"
import type { MouseEvent, Ref } from "react"
import { Icon } from "./Icon.tsx"

interface IconButtonProps {
  readonly icon: IconNode
  readonly name: string
  readonly onClick: (event: MouseEvent<HTMLButtonElement>) => void
  readonly kind?: "quiet" | "primary" | "danger"
  readonly type?: "button" | "submit"
  readonly pressed?: boolean
  readonly expanded?: boolean
  readonly disabled?: boolean
  readonly className?: string
  readonly buttonRef?: Ref<HTMLButtonElement>
}

export function IconButton(props: IconButtonProps) {
  const {
    icon,
    name,
    onClick,
    kind = "quiet",
    type = "button",
    pressed,
    expanded,
    disabled,
    className,
    buttonRef,
  } = props
  return (
    <button
      ref={buttonRef ?? null}
      className={`icon-button icon-button--${kind} ${className ?? ""}`}
      type={type}
      title={name}
      aria-label={name}
      disabled={disabled}
      aria-pressed={pressed}
      aria-expanded={expanded}
      onClick={onClick}
    >
      <Icon of={icon} />
    </button>
  )
}
