/** Ways to the unread channels that the list has scrolled out of sight. */
import { ArrowDown, ArrowUp } from "lucide"
import { type RefObject, useCallback, useEffect, useRef, useState } from "react"
import { useWords } from "../context.ts"
import { Icon } from "../kit/Icon.tsx"
import { bringIntoSight } from "./ChannelList.tsx"

interface OutOfSightProps {
  readonly list: RefObject<HTMLDivElement | null>
  /** All that are in it: look again when they have changed. */
  readonly channels: unknown
}

export function OutOfSight({ list, channels }: OutOfSightProps) {
  const t = useWords()
  const { above, below } = useSight(list, channels)
  return (
    <>
      {above !== undefined && (
        <button
          className="channel-list__unread channel-list__unread--above"
          type="button"
          onClick={() => bringIntoSight(above)}
        >
          <Icon of={ArrowUp} /> {t("channels.unreadAbove")}
        </button>
      )}
      {below !== undefined && (
        <button className="channel-list__unread" type="button" onClick={() => bringIntoSight(below)}>
          <Icon of={ArrowDown} /> {t("channels.unreadBelow")}
        </button>
      )}
    </>
  )
}

/**
 * The unread channels next to what is in sight: the last one above it, the first one below. The chosen channel stays in
 * sight when the list becomes shorter, or another one: unless somebody has scrolled it away.
 */
function useSight(list: RefObject<HTMLDivElement | null>, channels: unknown) {
  const sawCurrent = useRef(false)
  const [above, setAbove] = useState<HTMLElement | undefined>(undefined)
  const [below, setBelow] = useState<HTMLElement | undefined>(undefined)
  const look = useCallback(() => {
    if (list.current === null) return
    const { top, bottom } = list.current.getBoundingClientRect()
    const unread = [...list.current.querySelectorAll<HTMLElement>(".channel-list__item--unread")]
    const middleOf = (item: HTMLElement) => item.getBoundingClientRect().top + item.offsetHeight / 2
    setAbove(unread.findLast((item) => middleOf(item) < top))
    setBelow(unread.find((item) => middleOf(item) > bottom))
    const current = list.current.querySelector<HTMLElement>("[aria-current]")
    sawCurrent.current = current !== null && middleOf(current) >= top && middleOf(current) <= bottom
  }, [list])
  const follow = useCallback(() => {
    const current = list.current?.querySelector<HTMLElement>("[aria-current]")
    if (current && sawCurrent.current) bringIntoSight(current)
    look()
  }, [list, look])
  // biome-ignore lint/correctness/useExhaustiveDependencies: other channels are unread then
  useEffect(follow, [follow, channels])
  useEffect(() => {
    if (list.current === null) return
    const { current } = list
    const observer = new ResizeObserver(follow)
    observer.observe(current)
    current.addEventListener("scroll", look)
    return () => {
      observer.disconnect()
      current.removeEventListener("scroll", look)
    }
  }, [list, look, follow])
  return { above, below }
}
