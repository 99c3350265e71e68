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
  readonly timeline: Timeline
  readonly frame: RefObject<HTMLDivElement | null>
}

export function useScroll({ rows, timeline, frame }: ScrollInput) {
  const chat = useChat()
  const handle = useRef<VirtualizerHandle>(null)
  const visit = useChatState(({ opened }) => opened?.visit ?? 0)
  const target = useChatState(({ opened }) => opened?.target ?? null)
  const following = useRef(true)
  const shownVisit = useRef(0)
  const before = useRef<HTMLDivElement>(null)
  const [away, setAway] = useState(false)
  const [startMargin, setStartMargin] = useState(0)
  const shift = useShift(rows)
  const ready = timeline.status === "ready" || rows.length > 0

  const measure = useCallback(() => {
    const element = frame.current
    if (element === null) return
    const left = element.scrollHeight - element.clientHeight - element.scrollTop
    const atEnd = left < NEAR_PX
    following.current = atEnd
    setAway(!atEnd)
    chat.attend(atEnd && document.visibilityState === "visible")
    if (element.scrollTop < AHEAD_PX) chat.loadOlder()
    if (left < AHEAD_PX) chat.loadNewer()
  }, [chat, frame])

  const toEnd = useCallback(() => {
    handle.current?.scrollToIndex(rows.length - 1, { align: "end" })
  }, [rows.length])

  // What stands before the list; the empty space above it is none when there is anything to scroll.
  useLayoutEffect(() => {
    const element = before.current
    if (element === null) return
    const measureBefore = () => setStartMargin(element.offsetHeight)
    measureBefore()
    const observer = new ResizeObserver(measureBefore)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  // A visit begins at the message that was asked for, at the line "new", or at the end.
  useLayoutEffect(() => {
    if (!ready || shownVisit.current === visit) return
    const at = rows.findIndex(
      (row) => row.kind === "message" && (target === null ? row.isNew : row.message.seq === target),
    )
    if (target !== null && at < 0 && timeline.status !== "ready") return
    shownVisit.current = visit
    following.current = at < 0
    const go = () => {
      if (at < 0) toEnd()
      else
        handle.current?.scrollToIndex(at, target === null ? { align: "start", offset: LEAD_PX } : { align: "center" })
    }
    go()
    requestAnimationFrame(() => {
      go()
      requestAnimationFrame(measure)
    })
  }, [ready, rows, visit, target, timeline.status, toEnd, measure])

  useLayoutEffect(() => {
    if (following.current && shownVisit.current === visit) toEnd()
  }, [visit, toEnd])

  useEffect(() => {
    document.addEventListener("visibilitychange", measure)
    return () => document.removeEventListener("visibilitychange", measure)
  }, [measure])

  // The page that just came may not fill the window.
  useEffect(() => {
    if (timeline.fetching === null && timeline.status === "ready" && shownVisit.current === visit) {
      requestAnimationFrame(measure)
    }
  }, [timeline.fetching, timeline.status, visit, measure])

  return {
    handle,
    before,
    shift,
    startMargin,
    away,
    onScroll: measure,
    /** Whoever turns the wheel upwards wants to read there, whatever is still being measured. */
    onWheel: useCallback(
      ({ deltaY }: { deltaY: number }) => {
        if (deltaY >= 0) return
        following.current = false
        requestAnimationFrame(measure)
      },
      [measure],
    ),
    onResize: useCallback(() => {
      if (following.current) toEnd()
    }, [toEnd]),
    toNewest: useCallback(() => {
      following.current = true
      chat.toNewest()
    }, [chat]),
  }
}

/** Whether the last change put rows in front of those that were there. */
function useShift(rows: readonly Row[]): boolean {
  const former = useRef<readonly Row[]>([])
  const shift = useRef(false)
  if (former.current !== rows) {
    // The former last row need not be the last still: a new message may come together with an older page.
    shift.current =
      rows[0]?.key !== former.current[0]?.key && rows.some(({ key }) => key === former.current.at(-1)?.key)
    former.current = rows
  }
  return shift.current
}
