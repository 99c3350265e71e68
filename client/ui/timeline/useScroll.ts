/**
 * Where the history stands: at its end and following it, or where the member scrolled to and staying there.
 *
 * Older pages go in above without moving what is read; a new message moves the view only when its end was in sight.
 */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react"
import type { VirtualizerHandle } from "virtua"
import type { Row } from "../../core/rows.ts"
import type { Timeline } from "../../core/timeline.ts"
import { useChat, useChatState } from "../context.ts"

/** Closer than this to the end counts as at the end. */
const NEAR_PX = 60
/** Fetch the next page this long before its place is in sight. */
const AHEAD_PX = 900
/** Room above the line "new" when a channel opens at it. */
const LEAD_PX = -96

interface ScrollInput {
  readonly rows: readonly Row[]
  /** Whether rows wait to be put behind these (inSteps.ts): the end of these is no end to come to, or to be away from. */
  readonly more: boolean
  readonly timeline: Timeline
  readonly frame: RefObject<HTMLDivElement | null>
}

export type Scroll = ReturnType<typeof useScroll>

export function useScroll({ rows, more, timeline, frame }: ScrollInput) {
  const chat = useChat()
  const handle = useRef<VirtualizerHandle>(null)
  const visit = useChatState(({ opened }) => opened?.visit ?? 0)
  const target = useChatState(({ opened }) => opened?.target ?? null)
  const begin = useChatState(({ opened }) => opened?.at ?? null)
  const following = useRef(true)
  const shownVisit = useRef(0)
  const before = useRef<HTMLDivElement>(null)
  const [away, setAway] = useState(false)
  const [startMargin, setStartMargin] = useState(0)
  const ready = timeline.status === "ready" || rows.length > 0

  const shown = useRef(rows)
  shown.current = rows
  /** Acts on the present position of the history. */
  const look = useCallback(() => {
    const element = frame.current
    if (element === null) return
    setAway(!following.current)
    const top = following.current ? undefined : shown.current[handle.current?.findItemIndex(element.scrollTop) ?? 0]
    chat.attend(
      following.current && document.visibilityState === "visible",
      top?.kind === "message" ? top.message.seq : null,
    )
    if (element.scrollTop < AHEAD_PX) chat.loadOlder()
    if (leftBelow(element) < AHEAD_PX) chat.loadNewer()
  }, [chat, frame])

  // Where more is to come, the end of what is there is not the end: whoever follows it would chase every page to the last.
  const newer = useRef(timeline.newer)
  newer.current = timeline.newer
  const waiting = useRef(more)
  waiting.current = more
  const measure = useCallback(() => {
    if (frame.current !== null && !waiting.current) {
      // Before anything is said there is no end to be away from.
      const atEnd = shown.current.length === 0 || leftBelow(frame.current) < NEAR_PX
      following.current = !newer.current && atEnd
    }
    look()
  }, [frame, look])

  const toEnd = useCallback(() => {
    if (frame.current === null || shown.current.length === 0) return
    // A former way, to a message or to what was the end, may still be under way (virtua): this one takes its place.
    handle.current?.scrollToIndex(shown.current.length - 1, { align: "end" })
    frame.current.scrollTop = frame.current.scrollHeight
  }, [frame])

  const { isMoved, ...hand } = useHand()
  const sizes = useRef("")

  // Whatever changes the room or the messages changes where the end is: a growing text area, a reply, a banner, the
  // keyboard of a phone, a picture, a font. What stands before the list, virtua wants to know as well.
  useLayoutEffect(() => {
    const element = frame.current
    if (element === null || before.current === null) return
    const observer = new ResizeObserver(() => {
      setStartMargin(before.current?.offsetHeight ?? 0)
      sizes.current = sizesOf(element)
      if (following.current && shownVisit.current > 0) toEnd()
      else look()
    })
    for (const each of [element, ...element.children]) observer.observe(each)
    setStartMargin(before.current.offsetHeight)
    return () => observer.disconnect()
  }, [frame, look, toEnd])

  const onScroll = useCallback(() => {
    const element = frame.current
    if (element === null) return
    // Where sizes changed, the browser moved the history, not the member.
    const byLayout = sizesOf(element) !== sizes.current && !isMoved()
    if (byLayout && following.current) toEnd()
    else measure()
  }, [frame, isMoved, toEnd, measure])

  // A visit begins at the message that was asked for, at the line "new", or at the end.
  useLayoutEffect(() => {
    if (!ready || shownVisit.current === visit) return
    const at = rows.findIndex(
      (row) => row.kind === "message" && (begin === null ? row.isNew : row.message.seq === begin),
    )
    if (begin !== null && at < 0 && timeline.status !== "ready") return
    shownVisit.current = visit
    following.current = at < 0
    const go = () => {
      if (at < 0) toEnd()
      else if (begin !== null && begin === target) handle.current?.scrollToIndex(at, { align: "center" })
      else handle.current?.scrollToIndex(at, { align: "start", offset: begin === null ? LEAD_PX : 0 })
    }
    go()
    requestAnimationFrame(() => {
      go()
      requestAnimationFrame(at < 0 ? look : measure)
    })
  }, [ready, rows, visit, target, begin, timeline.status, toEnd, look, measure])

  // A channel that opens at its end is before the member's eyes as soon as its name is: what comes now is seen, not missed.
  useLayoutEffect(() => {
    if (following.current && document.visibilityState === "visible") chat.attend(true)
  }, [chat])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new row moves the end
  useLayoutEffect(() => {
    if (following.current && shownVisit.current === visit) toEnd()
  }, [rows.length, visit, toEnd])

  useEffect(() => {
    document.addEventListener("visibilitychange", look)
    return () => document.removeEventListener("visibilitychange", look)
  }, [look])

  // The page that just came may not fill the window.
  useEffect(() => {
    if (timeline.fetching === null && timeline.status === "ready" && shownVisit.current === visit) {
      requestAnimationFrame(look)
    }
  }, [timeline.fetching, timeline.status, visit, look])

  return {
    handle,
    before,
    startMargin,
    away,
    onScroll,
    ...hand,
    /** A person who turns the wheel upwards wants to read there, even if rows are still being measured. */
    onWheel: useCallback(
      ({ deltaY }: { deltaY: number }) => {
        if (deltaY >= 0) return
        following.current = false
        requestAnimationFrame(measure)
      },
      [measure],
    ),
    toNewest: useCallback(() => {
      following.current = true
      chat.toNewest()
    }, [chat]),
  }
}

function leftBelow({ scrollHeight, clientHeight, scrollTop }: HTMLElement): number {
  return scrollHeight - clientHeight - scrollTop
}

function sizesOf({ scrollHeight, clientHeight }: HTMLElement): string {
  return `${scrollHeight} ${clientHeight}`
}

/** Whether the member has a finger on the history, or the pointer on its scrollbar. */
function useHand() {
  const held = useRef(false)
  useEffect(() => {
    const release = () => {
      held.current = false
    }
    const ends = ["pointerup", "touchend", "touchcancel"]
    for (const end of ends) addEventListener(end, release)
    return () => {
      for (const end of ends) removeEventListener(end, release)
    }
  }, [])
  const hold = useCallback(() => {
    held.current = true
  }, [])
  return { isMoved: useCallback(() => held.current, []), onPointerDown: hold, onTouchStart: hold }
}
