/** The place where emoji are picked; the picker itself is downloaded when it is opened for the first time. */
import { type ComponentType, type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react"
import { createPortal } from "react-dom"
import { useWords } from "../context.ts"

interface EmojiPopoverProps {
  readonly anchor: RefObject<HTMLElement | null>
  readonly onPick: (emoji: string) => void
  readonly onClose: () => void
}

type Picker = ComponentType<{ onPick: (emoji: string) => void }>

const GAP_PX = 8

export function EmojiPopover({ anchor, onPick, onClose }: EmojiPopoverProps) {
  const t = useWords()
  const ref = useRef<HTMLDivElement>(null)
  const [Picker, setPicker] = useState<Picker | null>(null)
  const [failed, setFailed] = useState(false)

  useEffect(() => {
    import("./EmojiPicker.tsx").then(
      ({ EmojiPicker }) => setPicker(() => EmojiPicker),
      () => setFailed(true),
    )
  }, [])

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
      {Picker === null ? <p role="status">{t(failed ? "emoji.failed" : "loading")}</p> : <Picker onPick={onPick} />}
    </div>,
    document.body,
  )
}
