/**
 * A picture that two fingers, a wheel, keys or a double press make larger, and one finger moves. At its own size a finger
 * that goes sideways asks for the next one.
 */
import { type PointerEvent, type RefObject, useEffect, useRef, useState } from "react"

interface View {
  readonly scale: number
  readonly x: number
  readonly y: number
}

interface Point {
  readonly x: number
  readonly y: number
}

const WHOLE: View = { scale: 1, x: 0, y: 0 }
const LARGEST = 8
const PRESSED_TWICE = 2.5
const SWIPE_PX = 60

export function useZoom(stage: RefObject<HTMLElement | null>, onSwipe: (by: number) => void) {
  const [view, setView] = useState(WHOLE)
  const fingers = useRef(new Map<number, Point>())
  const began = useRef<Point | null>(null)

  const frame = () => stage.current?.getBoundingClientRect() ?? new DOMRect()

  /** Its edges stay at those of the stage, or beyond. */
  const within = ({ scale, x, y }: View): View => {
    const { width, height } = frame()
    const [sideways, down] = [((scale - 1) * width) / 2, ((scale - 1) * height) / 2]
    return { scale, x: Math.min(Math.max(x, -sideways), sideways), y: Math.min(Math.max(y, -down), down) }
  }

  /** Makes it so many times larger; what is at `at` stays there. */
  const scaleBy = (times: number, at?: Point) =>
    setView((now) => {
      const scale = Math.min(Math.max(now.scale * times, 1), LARGEST)
      const { left, top, width, height } = frame()
      const [cx, cy] = at === undefined ? [0, 0] : [at.x - left - width / 2, at.y - top - height / 2]
      const by = scale / now.scale
      return within({ scale, x: cx - (cx - now.x) * by, y: cy - (cy - now.y) * by })
    })
  const scaling = useRef(scaleBy)
  scaling.current = scaleBy

  // A listener that React adds may not keep the page from scrolling, or the browser from zooming.
  useEffect(() => {
    const element = stage.current
    const onWheel = (event: WheelEvent) => {
      event.preventDefault()
      scaling.current(Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 400)), { x: event.clientX, y: event.clientY })
    }
    element?.addEventListener("wheel", onWheel, { passive: false })
    return () => element?.removeEventListener("wheel", onWheel)
  }, [stage])

  const pointOf = ({ clientX, clientY }: PointerEvent<HTMLElement>): Point => ({ x: clientX, y: clientY })
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    fingers.current.set(event.pointerId, pointOf(event))
    began.current = fingers.current.size === 1 ? pointOf(event) : null
  }
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const all = fingers.current
    const former = all.get(event.pointerId)
    if (former === undefined) return
    const now = pointOf(event)
    const other = [...all].find(([id]) => id !== event.pointerId)?.[1]
    all.set(event.pointerId, now)
    if (other !== undefined) {
      const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 }
      scaleBy(distance(now, other) / Math.max(distance(former, other), 1), middle)
    } else setView((was) => within({ ...was, x: was.x + now.x - former.x, y: was.y + now.y - former.y }))
  }
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    fingers.current.delete(event.pointerId)
    const from = began.current
    began.current = null
    if (from === null || view.scale > 1 || event.pointerType === "mouse") return
    const aside = event.clientX - from.x
    if (Math.abs(aside) > SWIPE_PX && Math.abs(aside) > 2 * Math.abs(event.clientY - from.y))
      onSwipe(aside > 0 ? -1 : 1)
  }
  return {
    scaleBy,
    reset: () => setView(WHOLE),
    style: { transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})` },
    handlers: {
      onPointerDown,
      onPointerMove,
      onPointerUp,
      onPointerCancel: onPointerUp,
      onPointerLeave: onPointerUp,
      onDoubleClick: (event: { clientX: number; clientY: number }) =>
        view.scale > 1 ? setView(WHOLE) : scaleBy(PRESSED_TWICE, { x: event.clientX, y: event.clientY }),
    },
  }
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}
