/** What a section of the page for admins has asked for: it comes, it has not come, or it is there. */
import { useCallback, useEffect, useState } from "react"
import { fetchOverview, type Overview } from "../../core/administration.ts"
import { useChat } from "../context.ts"
import { useThere } from "../kit/useThere.ts"

/** @param anew it is asked for again whenever this changes. */
export function useOverview(anew: unknown = null) {
  const chat = useChat()
  const there = useThere()
  const [overview, setOverview] = useState<Overview | null>(null)
  const [failed, setFailed] = useState(false)
  const load = useCallback(async () => {
    const found = await fetchOverview(chat)
    if (!there.current) return
    setFailed(found === null)
    if (found !== null) setOverview(found)
  }, [chat, there])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what has changed is in it
  useEffect(() => void load(), [load, anew])
  return { overview, failed, load: () => void load() }
}
