/** A dialog over everything: the browser keeps the focus inside; what had it before gets it back (useFocusKept). */
import { X } from "lucide"
import { type ReactNode, useId, useLayoutEffect, useRef } from "react"
import { useWords } from "../context.ts"
import { Notices } from "../screen/Notices.tsx"
import { IconButton } from "./IconButton.tsx"

interface DialogProps {
  readonly title: string
  readonly children: ReactNode
  readonly onClose: () => void
  /** Wide enough for lists. */
  readonly wide?: boolean
  /** A small one, beside what was pressed. */
  readonly look?: "card"
  readonly at?: DOMRect | null
}

export function Dialog({ title, children, onClose, wide, look, at }: DialogProps) {
  const t = useWords()
  const ref = useRef<HTMLDialogElement>(null)
  const pressed = useRef<EventTarget | null>(null)
  const titleId = useId()
  // Before anybody can see it: a key pressed in between would go to the page below.
  // biome-ignore lint/correctness/useExhaustiveDependencies: where it was pressed
  useLayoutEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    if (dialog && at)
      putBeside(dialog, at)
      // Not the button that closes it: who was writing when it came would press that.
    ;(dialog?.querySelector<HTMLElement>("[data-focus]") ?? dialog)?.focus()
    return () => dialog?.close()
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a press beside it closes it as Escape does, which is built in
    <dialog
      ref={ref}
      tabIndex={-1}
      className={wide ? "dialog dialog--wide" : look ? `dialog dialog--${look}` : "dialog"}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      // Chromium closes it by itself when "cancel" is prevented twice without a click or a key in between.
      onClose={() => ref.current !== null && onClose()}
      // Both ends of the press: text may be chosen with the pointer from within to beside it.
      onMouseDown={({ target }) => {
        pressed.current = target
      }}
      onClick={({ target }) => target === ref.current && target === pressed.current && onClose()}
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
      {/* What lies under a dialog is out of reach. */}
      <Notices />
    </dialog>
  )
}

const GAP = 8

/** As near as the window lets it; on a phone it stands where dialogs stand. */
function putBeside(dialog: HTMLDialogElement, { top, right }: DOMRect): void {
  if (innerWidth < 2 * dialog.offsetWidth) return
  const most = (all: number, own: number) => Math.max(GAP, all - own - GAP)
  dialog.style.margin = "0"
  dialog.style.left = `${Math.min(right + GAP, most(innerWidth, dialog.offsetWidth))}px`
  dialog.style.top = `${Math.min(top, most(innerHeight, dialog.offsetHeight))}px`
}
