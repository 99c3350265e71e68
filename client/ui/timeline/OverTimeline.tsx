/** What lies over the messages of a channel: the days, once they have come, and the ways back. */
import type { RefObject } from "react"
import type { Channel } from "../../core/protocol.ts"
import type { Row } from "../../core/rows.ts"
import { days } from "../days/parts.ts"
import { useQuietPart, whenIdle } from "../kit/part.ts"
import type { Scroll } from "./useScroll.ts"
import { WaysBack } from "./WaysBack.tsx"

export interface OverTimelineProps {
  readonly channel: Channel
  readonly rows: readonly Row[]
  readonly frame: RefObject<HTMLDivElement | null>
  readonly scroll: Pick<Scroll, "handle" | "startMargin" | "toNewest">
  /** The end of the channel is not in sight. */
  readonly away: boolean
}

const atOnce = (load: () => void) => load()

export function OverTimeline(props: OverTimelineProps) {
  const { channel, scroll, away } = props
  const { Ready } = useQuietPart(days, true, away ? atOnce : whenIdle)
  return (
    <>
      {Ready && <Ready {...props} />}
      {away && <WaysBack unread={channel.unread} onNewest={scroll.toNewest} />}
    </>
  )
}
