/** One's own vote: shown at once, sent when the choosing rests, and as it was where the room refuses it. */
import { useEffect, useLayoutEffect, useRef, useState } from "react"
import type { Said } from "../../core/protocol.ts"
import { useChat } from "../context.ts"

/** The arrow keys go through the options one by one, and each would be a vote. */
const REST_MS = 300

export function useVote({ id, channel }: Said, known: readonly number[]) {
  const chat = useChat()
  const [wanted, setWanted] = useState<readonly number[] | null>(null)
  /** Sends what was chosen last, once. */
  const pending = useRef<(() => void) | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  // What was chosen before the message goes out of sight counts.
  useEffect(() => () => pending.current?.(), [])
  const isKnown = wanted?.join() === known.join()
  // At once, or a choice made since would be taken back.
  useLayoutEffect(() => {
    if (isKnown) setWanted(null)
  }, [isKnown])

  const send = async (options: readonly number[]) => {
    const refusal = await chat.change({ type: "vote", id, channel, options })
    if (refusal === null) return
    setWanted((present) => (present === options ? null : present))
    chat.showNotice(refusal)
  }
  const choose = (options: readonly number[]) => {
    setWanted(options)
    pending.current = () => {
      clearTimeout(timer.current)
      pending.current = null
      void send(options)
    }
    clearTimeout(timer.current)
    timer.current = setTimeout(() => pending.current?.(), REST_MS)
  }
  return { own: wanted ?? known, busy: wanted !== null, choose }
}
