/** What a member says of themselves, until its time is over. */
import { useEffect, useState } from "react"
import type { Status } from "../../core/protocol.ts"
import { current } from "../../core/statuses.ts"
import type { Translator } from "../../i18n/translate.ts"
import { useChat, useChatState } from "../context.ts"

/** Timers take no more than 24 days; the clock may be set meanwhile. */
const LONGEST_MS = 3_600_000

export function useStatus(member: string): Status | null {
  const { clock } = useChat()
  const said = useChatState(({ room }) => room.members[member]?.status)
  const [, setRung] = useState(0)
  const status = current(said, clock.now())
  const until = status?.until ?? null
  useEffect(() => {
    if (until === null) return
    let stop: () => void = () => undefined
    const wait = () => {
      const left = until - clock.now()
      if (left <= 0) return setRung((times) => times + 1)
      stop = clock.after(Math.min(left, LONGEST_MS), wait)
    }
    wait()
    return () => stop()
  }, [until, clock])
  return status
}

/** The last moment in which it is shown. */
export function untilWords(t: Translator, until: number, now: number): string {
  const last = until - 1
  return new Date(last).toDateString() === new Date(now).toDateString() ? t.time(last) : t.day(last, now)
}
