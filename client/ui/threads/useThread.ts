/** The thread at a place: asked for when it is opened and whenever the line comes back, and followed meanwhile. */
import { useCallback, useEffect, useRef, useState } from "react"
import type { RoomEvent } from "../../core/protocol.ts"
import { fetchThread, lastOf, type Place, type Thread, threadAfter } from "../../core/threads.ts"
import { useChat, useChatState } from "../context.ts"
import type { Stage } from "../kept/Foot.tsx"

export function useThread({ channel, seq }: Place) {
  const chat = useChat()
  const [thread, setThread] = useState<Thread | null>(null)
  const [stage, setStage] = useState<Stage | "gone">("loading")
  /** As it is by now; what is drawn may be older. */
  const known = useRef<Thread | null>(null)
  /** What has happened since the last question: its answer may be older than that. */
  const since = useRef<RoomEvent[]>([])
  const live = useChatState(({ connection }) => connection.status === "live")
  const take = useCallback((next: Thread | null) => {
    known.current = next
    setThread(next)
    if (next === null) setStage("gone")
  }, [])
  const load = useCallback(
    async (former: Thread | null) => {
      const own: RoomEvent[] = []
      since.current = own
      setStage("loading")
      const found = await fetchThread(chat, { channel, seq }, former, lastOf(known.current))
      if (since.current !== own) return
      setStage(typeof found === "string" ? "failed" : "ready")
      if (found === "not_found") take(null)
      else if (typeof found !== "string") take(own.reduce(threadAfter, found))
    },
    [chat, channel, seq, take],
  )
  useEffect(
    () =>
      chat.hear((events) => {
        since.current.push(...events)
        const next = events.reduce(threadAfter, known.current)
        if (next !== known.current) take(next)
      }),
    [chat, take],
  )
  useEffect(() => {
    // A line that is back may have missed something; one that is lost takes nothing away.
    if (live || known.current === null) void load(null)
  }, [load, live])
  return { thread, stage, load: () => void load(null), more: () => void load(thread) }
}
