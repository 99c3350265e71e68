/** The day at the top of the list while somebody reads further back, and the menu that leads to other days. */
import { type RefObject, useEffect, useRef, useState } from "react"
import { useWords } from "../context.ts"
import { useNow } from "../kit/useNow.ts"
import type { OverTimelineProps } from "../timeline/OverTimeline.tsx"
import { JumpMenu } from "./JumpMenu.tsx"
import { useTopDay } from "./useTopDay.ts"

/** What was pressed, and how far below the upper edge of the list the menu begins. */
interface Opened {
  readonly from: HTMLElement | null
  readonly top: number
}

export function Days({ channel, rows, frame, scroll, away }: OverTimelineProps) {
  const t = useWords()
  const now = useNow(60_000)
  const top = useTopDay({ rows, frame, scroll, away })
  const [opened, setOpened] = useState<Opened | null>(null)
  const button = useRef<HTMLButtonElement>(null)
  usePressed(frame, (from) =>
    setOpened((open) => (open === null ? { from, top: below(from ?? button.current) } : null)),
  )
  return (
    <>
      {top !== null && (
        // Another day is another element: what is centred would move with the length of its words.
        <button
          key={t.day(top.day, now)}
          ref={button}
          className="top-day"
          style={{ transform: `translateY(${-top.pushed}px)` }}
          type="button"
          aria-haspopup="dialog"
          aria-expanded={opened !== null}
          title={t("jump")}
          onClick={({ currentTarget }) => setOpened(opened ? null : { from: currentTarget, top: below(currentTarget) })}
          onWheel={({ deltaY }) => frame.current?.scrollBy(0, deltaY)}
        >
          {t.day(top.day, now)}
        </button>
      )}
      {opened !== null && (
        <JumpMenu channel={channel.id} {...opened} onNewest={scroll.toNewest} onClose={() => setOpened(null)} />
      )}
    </>
  )
}

function below(pressed: HTMLElement | null): number {
  const place = pressed?.getBoundingClientRect()
  const list = pressed?.closest(".timeline")?.getBoundingClientRect()
  return place === undefined || list === undefined ? 0 : place.bottom - list.top
}

/** A press on the line of a day, or the keys that do the same. */
function usePressed(frame: RefObject<HTMLDivElement | null>, onPressed: (line: HTMLElement | null) => void): void {
  const latest = useRef(onPressed)
  latest.current = onPressed
  useEffect(() => {
    const list = frame.current
    const onClick = ({ target }: Event) => {
      const line = target instanceof Element ? target.closest<HTMLElement>(".row__day button") : null
      if (line !== null) latest.current(line)
    }
    const onKey = (event: KeyboardEvent) => {
      if (!event.altKey || !event.shiftKey || event.ctrlKey || event.metaKey || event.code !== "KeyJ") return
      if (document.querySelector("dialog[open]") !== null) return
      event.preventDefault()
      latest.current(null)
    }
    list?.addEventListener("click", onClick)
    addEventListener("keydown", onKey)
    return () => {
      list?.removeEventListener("click", onClick)
      removeEventListener("keydown", onKey)
    }
  }, [frame])
}
