/** Follows the list with the day that stands at its top (core/topDay.ts). */
import { useEffect, useState } from "react"
import { type TopDay, topDay } from "../../core/topDay.ts"
import type { OverTimelineProps } from "../timeline/OverTimeline.tsx"

export function useTopDay({ rows, frame, scroll, away }: Omit<OverTimelineProps, "channel">): TopDay | null {
  const [shown, setShown] = useState<TopDay | null>(null)
  const { handle, startMargin } = scroll
  useEffect(() => {
    const list = frame.current
    if (list === null || !away) return setShown(null)
    let asked = 0
    const look = () => {
      asked = 0
      const items = handle.current
      if (items === null) return
      const { scrollTop } = list
      const topOf = (row: number) => items.getItemOffset(row) + startMargin - scrollTop
      const next = topDay(rows, items.findItemIndex(scrollTop), topOf)
      setShown((former) => (former?.day === next?.day && former?.pushed === next?.pushed ? former : next))
    }
    const soon = () => {
      asked ||= requestAnimationFrame(look)
    }
    soon()
    list.addEventListener("scroll", soon)
    return () => {
      cancelAnimationFrame(asked)
      list.removeEventListener("scroll", soon)
    }
  }, [rows, frame, handle, startMargin, away])
  return shown
}
