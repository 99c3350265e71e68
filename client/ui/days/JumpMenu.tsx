/** The menu that leads to another day of a channel. */
import { type FormEvent, useLayoutEffect, useRef, useState } from "react"
import { dateOf, JUMPS, type Jump, jumpTo, startOf, startOfDate } from "../../core/jumping.ts"
import { useChat, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { useNow } from "../kit/useNow.ts"
import { roving } from "../kit/useRoving.ts"
import { refusalWords } from "../refusalWords.ts"

interface JumpMenuProps {
  readonly channel: string
  /** What was pressed; null: keys. */
  readonly from: HTMLElement | null
  readonly top: number
  readonly onNewest: () => void
  readonly onClose: () => void
}

const GAP_PX = 8

export function JumpMenu({ channel, from, top, onNewest, onClose }: JumpMenuProps) {
  const t = useWords()
  const chat = useChat()
  const now = useNow(60_000)
  const menu = useRef<HTMLDivElement>(null)
  const [going, setGoing] = useState<Jump | "date" | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  useShut(menu, from, onClose)
  useLayoutEffect(() => {
    const place = menu.current
    const list = place?.parentElement
    if (!place || !list) return
    const most = list.clientHeight - place.offsetHeight - GAP_PX
    place.style.top = `${Math.max(GAP_PX, Math.min(top + GAP_PX, most))}px`
    place.querySelector("button")?.focus()
  }, [top])

  const arrive = () => {
    // What was pressed may be far away now.
    menu.current?.closest(".timeline")?.querySelector<HTMLElement>(".timeline__frame")?.focus({ preventScroll: true })
    onClose()
  }
  const go = async (jump: Jump | "date", at: number) => {
    if (going !== null) return
    setGoing(jump)
    setRefusal(null)
    const refused = await jumpTo(chat, channel, at, () => menu.current !== null)
    if (menu.current === null) return
    if (refused === null) return arrive()
    setGoing(null)
    setRefusal(refused)
  }
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const at = startOfDate(String(new FormData(event.currentTarget).get("date")))
    if (at !== null) void go("date", at)
  }
  const newest = () => {
    onNewest()
    arrive()
  }
  return (
    <div ref={menu} className="jump" role="dialog" aria-label={t("jump")} aria-busy={going !== null} onKeyDown={roving}>
      <p className="jump__title">{t("jump")}</p>
      <button className="jump__item" type="button" data-roving="" onClick={newest}>
        {t("jump.newest")}
      </button>
      {JUMPS.map((jump) => {
        const at = startOf(jump, now)
        return (
          <button
            key={jump}
            className="jump__item"
            type="button"
            data-roving=""
            aria-busy={going === jump}
            onClick={() => void go(jump, at)}
          >
            <span>{t(`jump.${jump}`)}</span>
            {(jump === "week" || jump === "month") && <span className="jump__day">{t.day(at, now)}</span>}
          </button>
        )
      })}
      <form className="jump__date" onSubmit={onSubmit}>
        <input type="date" name="date" required max={dateOf(now)} aria-label={t("jump.date")} />
        <Button type="submit" small busy={going === "date"}>
          {t("jump.go")}
        </Button>
      </form>
      <p className="jump__state" role="status">
        {refusal === null ? going !== null && t("loading") : refusalWords(t, refusal)}
      </p>
    </div>
  )
}

/** Shuts it with Escape, and with a press anywhere else. */
function useShut(menu: { readonly current: HTMLElement | null }, from: HTMLElement | null, onClose: () => void): void {
  const latest = useRef(onClose)
  latest.current = onClose
  // As soon as it is seen: somebody may shut it at once.
  useLayoutEffect(() => {
    const onDown = ({ target }: Event) => {
      if (target instanceof Node && !menu.current?.contains(target) && !from?.contains(target)) latest.current()
    }
    const former = document.activeElement
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return
      event.stopPropagation()
      const back = from?.isConnected ? from : former
      if (back instanceof HTMLElement) back.focus({ preventScroll: true })
      latest.current()
    }
    document.addEventListener("pointerdown", onDown)
    document.addEventListener("keydown", onKey, true)
    return () => {
      document.removeEventListener("pointerdown", onDown)
      document.removeEventListener("keydown", onKey, true)
    }
  }, [menu, from])
}
