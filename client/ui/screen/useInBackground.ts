/** What goes on in the background as long as the chat is there: what does it is downloaded while the page is idle. */
import { useEffect } from "react"
import { whenIdle } from "../kit/part.ts"

/** @param begin begins it; what it gives ends it. */
export function useInBackground(begin: () => Promise<() => void>): void {
  useEffect(() => {
    let stop: (() => void) | null = () => undefined
    const start = async () => {
      const end = await begin()
      if (stop === null) end()
      else stop = end
    }
    whenIdle(() => void start().catch(() => undefined))
    return () => {
      stop?.()
      stop = null
    }
  }, [begin])
}
