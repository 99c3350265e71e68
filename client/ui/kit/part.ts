/**
 * What nobody needs to read and write stands in files of its own, downloaded when one is first needed, or before, while
 * nothing else is to be done. What is shown meanwhile is in Lazy.tsx.
 */
import { type ComponentType, useEffect, useState } from "react"

const IDLE_MS = 2_000

export interface File<M> {
  /** Null until it has been downloaded. */
  ready(): M | null
  load(): Promise<M>
}

export type Part<P> = File<ComponentType<P>>

export function file<M>(download: () => Promise<M>): File<M> {
  let loaded: M | null = null
  return {
    ready: () => loaded,
    load: async () => {
      loaded ??= await download()
      return loaded
    },
  }
}

/** One component of a file. */
export function part<M, P>(of: File<M>, pick: (all: M) => ComponentType<P>): Part<P> {
  return {
    ready: () => {
      const all = of.ready()
      return all === null ? null : pick(all)
    },
    load: async () => pick(await of.load()),
  }
}

/** Downloads files one after the other while the page has nothing else to do, unless the member pays for each byte. */
export function fetchAhead([first, ...others]: readonly File<unknown>[]): void {
  // as: browsers that are not Chromium do not tell.
  const { connection } = navigator as { connection?: { saveData?: boolean } }
  if (first === undefined || connection?.saveData) return
  const whenIdle = globalThis.requestIdleCallback ?? ((work: () => void) => setTimeout(work, IDLE_MS))
  whenIdle(
    () =>
      void first.load().then(
        () => fetchAhead(others),
        () => undefined,
      ),
  )
}

export function usePart<P>(wanted: Part<P>) {
  const [, setLoaded] = useState(false)
  const [attempts, setAttempts] = useState(1)
  const [failures, setFailures] = useState(0)
  const Ready = wanted.ready()
  const missing = Ready === null
  useEffect(() => {
    // As it was shown, not as it is by now: what came in between has to be shown as well.
    if (!missing) return
    let current = true
    const attempt = async () => {
      try {
        await wanted.load()
        if (current) setLoaded(true)
      } catch {
        if (attempts > 1) await reloadIfReplaced()
        if (current) setFailures(attempts)
      }
    }
    void attempt()
    return () => {
      current = false
    }
  }, [wanted, attempts, missing])
  return { Ready, failures, busy: attempts > failures, retry: () => setAttempts(failures + 1) }
}

/** The server answers and the file does not come: a newer version took its place, which only the page itself names. */
async function reloadIfReplaced(): Promise<void> {
  const page = await fetch(location.href, { cache: "no-store" }).catch(() => null)
  if (page?.ok) location.reload()
}
