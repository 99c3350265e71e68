/** A list that comes page by page, newest first: what has come, and what comes of the rest. */
import { useCallback, useEffect, useState } from "react"
import type { Page } from "../../core/kept.ts"
import type { Stage } from "./Foot.tsx"

/** @param fetch the page before a time; null: the first one. Null: it could not be had. */
export function usePages<T>(fetch: (before: number | null) => Promise<Page<T> | null>) {
  const [items, setItems] = useState<readonly T[]>([])
  const [stage, setStage] = useState<Stage>("loading")
  const [next, setNext] = useState<number | null>(null)
  const load = useCallback(
    async (before: number | null) => {
      setStage("loading")
      const page = await fetch(before)
      setStage(page === null ? "failed" : "ready")
      if (page === null) return
      setItems((former) => (before === null ? page.items : [...former, ...page.items]))
      setNext(page.next)
    },
    [fetch],
  )
  useEffect(() => void load(null), [load])
  return {
    items,
    stage,
    more: stage === "ready" && next !== null,
    /** What follows; the first page, if nothing has come. */
    load: () => void load(next),
    /** The first page once more, in place of all that has come. */
    renew: useCallback(() => void load(null), [load]),
  }
}
