/** The place where emoji are picked; the picker itself is downloaded when it is first opened. */
import { type RefObject, useEffect, useLayoutEffect, useRef } from "react"
import { createPortal } from "react-dom"
import { useWords } from "../context.ts"
import { picker } from "../dialogs/parts.ts"
import { Lazy } from "../kit/Lazy.tsx"

interface EmojiPopoverProps {
  readonly anchor: RefObject<HTMLElement | null>
  readonly onPick: (emoji: string) => void
  readonly onClose: () => void
}

const GAP_PX = 8

export function EmojiPopover({ anchor, onPick, onClose }: EmojiPopoverProps) {
  const t = useWords()
  const ref = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const popover = ref.current
    const place = anchor.current?.getBoundingClientRect()
    if (popover === null || place === undefined) return
    const { width, height } = popover.getBoundingClientRect()
    const above = place.top - height - GAP_PX
    popover.style.top = `${above > GAP_PX ? above : Math.max(GAP_PX, Math.min(place.bottom + GAP_PX, innerHeight - height - GAP_PX))}px`
    popover.style.left = `${Math.max(GAP_PX, Math.min(place.right - width, innerWidth - width - GAP_PX))}px`
  }, [anchor])

  useEffect(() => {
    const onDown = (event: Event) => {
      const inside =
        event.target instanceof Node && (ref.current?.contains(event.target) || anchor.current?.contains(event.target))
      if (!inside) onClose()
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return
      event.stopPropagation()
      onClose()
      anchor.current?.focus()
    }
    document.addEventListener("pointerdown", onDown)
    document.addEventListener("keydown", onKey, true)
    return () => {
      document.removeEventListener("pointerdown", onDown)
      document.removeEventListener("keydown", onKey, true)
    }
  }, [anchor, onClose])

  return createPortal(
    <div ref={ref} className="emoji-popover" role="dialog" aria-label={t("emoji.pick")}>
      <Lazy part={picker} props={{ onPick }} />
    </div>,
    document.body,
  )
}
