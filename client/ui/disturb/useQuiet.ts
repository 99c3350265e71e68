/** Until when the member is not to be disturbed; null: they may be. */
import { useEffect, useMemo, useState } from "react"
import { endOf, type Quiet, quietOf } from "../../core/quiet.ts"
import type { Translator } from "../../i18n/translate.ts"
import { useChat, useChatState } from "../context.ts"

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

export function useQuiet(): { readonly quiet: Quiet | null; readonly end: number | null } {
  const { clock } = useChat()
  const said = useChatState((state) => state.quiet)
  const quiet = useMemo(() => quietOf(said), [said])
  const [, setMinute] = useState(0)
  const now = clock.now()
  // Regular hours begin and end with a minute, as the clocks show it; a while ends within one.
  useEffect(() => {
    if (quiet === null) return
    let stop: () => void = () => undefined
    const wait = () => {
      const at = clock.now()
      const left = (quiet.until ?? 0) - at
      if (left <= 0 && quiet.hours === null) return
      const minute = MINUTE_MS - (at % MINUTE_MS)
      stop = clock.after(left > 0 ? Math.min(left, minute) : minute, () => {
        setMinute((minute) => minute + 1)
        wait()
      })
    }
    wait()
    return () => stop()
  }, [quiet, clock])
  return { quiet, end: quiet === null ? null : endOf(quiet, now) }
}

export function endWords(t: Translator, end: number, now: number): string {
  return end - now < DAY_MS ? t.time(end) : `${t.day(end, now)}, ${t.time(end)}`
}
