/** The thread at a place: asked for when it is opened and whenever the line comes back, and followed meanwhile. */
import { useCallback, useEffect, useRef, useState } from "react"
import type { RoomEvent } from "../../core/protocol.ts"
import { fetchThread, type Place, type Thread, threadAfter } from "../../core/threads.ts"
import { useChat, useChatState } from "../context.ts"
import type { Stage } from "../kept/Foot.tsx"

export function useThread({ channel, seq }: Place) {
  const chat = useChat()
  const [thread, setThread] = useState<Thread | null>(null)
  const [stage, setStage] = useState<Stage | "gone">("loading")
  /** What has happened since the last question: its answer may be older than that. */
  const since = useRef<RoomEvent[]>([])
  const live = useChatState(({ connection }) => connection.status === "live")
  const load = useCallback(
    async (former: Thread | null) => {
      const own: RoomEvent[] = []
      since.current = own
      setStage("loading")
      const found = await fetchThread(chat, { channel, seq }, former)
      if (since.current !== own) return
      if (typeof found === "string") return setStage(found === "not_found" ? "gone" : "failed")
      setThread(own.reduce(threadAfter, found))
      setStage("ready")
    },
    [chat, channel, seq],
  )
  useEffect(
    () =>
      chat.hear((events) => {
        since.current.push(...events)
        setThread((former) => former && events.reduce(threadAfter, former))
      }),
    [chat],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: a line that is back may have missed something
  useEffect(() => void load(null), [load, live])
  return { thread, stage, load: () => void load(null), more: () => void load(thread) }
}
