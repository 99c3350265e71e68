/** A dialog over everything: the browser keeps the focus inside and gives it back afterwards. */
import { X } from "lucide"
import { type ReactNode, useEffect, useId, useRef } from "react"
import { useWords } from "../context.ts"
import { IconButton } from "./IconButton.tsx"

interface DialogProps {
  readonly title: string
  readonly children: ReactNode
  readonly onClose: () => void
  /** Wide enough for lists. */
  readonly wide?: boolean
}

export function Dialog({ title, children, onClose, wide }: DialogProps) {
  const t = useWords()
  const ref = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    dialog?.querySelector<HTMLElement>("[data-focus]")?.focus()
    return () => dialog?.close()
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a press beside it closes it as Escape does, which is built in
    <dialog
      ref={ref}
      className={wide ? "dialog dialog--wide" : "dialog"}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => event.target === ref.current && onClose()}
    >
      <div className="dialog__body">
        <header className="dialog__header">
          <h2 className="dialog__title" id={titleId}>
            {title}
          </h2>
          <IconButton icon={X} name={t("close")} onClick={onClose} />
        </header>
        {children}
      </div>
    </dialog>
  )
}
