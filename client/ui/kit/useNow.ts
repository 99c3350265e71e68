/** The time, again and again while `active`. */
import { useEffect, useState } from "react"
import { useApp } from "../context.ts"

export function useNow(everyMs: number, active = true): number {
  const { clock } = useApp().ports
  const [now, setNow] = useState(clock.now)
  useEffect(() => {
    if (!active) return
    setNow(clock.now())
    const timer = setInterval(() => setNow(clock.now()), everyMs)
    return () => clearInterval(timer)
  }, [clock, everyMs, active])
  return now
}
