/**
 * What nobody needs to read and write stands in files of its own, downloaded when one is first needed, or before, while
 * nothing else is to be done. What is shown meanwhile is in Lazy.tsx.
 */
import { type ComponentType, useCallback, useEffect, useState } from "react"

const IDLE_MS = 2_000

export interface File<M> {
  /** Null until it has been downloaded. */
  ready(): M | null
  load(): Promise<M>
}

export type Part<P> = File<ComponentType<P>> & {
  /** A dialog that is wide; so is what stands in its place until it comes. */
  readonly wide?: boolean
}

export function file<M>(download: () => Promise<M>): File<M> {
  let loaded: M | null = null
  let coming: Promise<M> | null = null
  const fetched = async () => {
    try {
      loaded = await download()
      return loaded
    } finally {
      coming = null
    }
  }
  return {
    ready: () => loaded,
    load: async () => {
      if (loaded !== null) return loaded
      coming ??= fetched()
      return coming
    },
  }
}

/** One component of a file. */
export function part<M, P>(of: File<M>, pick: (all: M) => ComponentType<P>, wide = false): Part<P> {
  return {
    wide,
    ready: () => {
      const all = of.ready()
      return all === null ? null : pick(all)
    },
    load: async () => pick(await of.load()),
  }
}

/** Downloads files one after the other while the page has nothing else to do. */
export function fetchAhead([first, ...others]: readonly File<unknown>[]): void {
  if (first === undefined) return
  whenIdle(
    () =>
      void first.load().then(
        () => fetchAhead(others),
        () => undefined,
      ),
  )
}

/** Calls back while the page has nothing else to do; never, where the member pays for each byte. */
export function whenIdle(work: () => void): void {
  // as: browsers that are not Chromium do not tell.
  const { connection } = navigator as { connection?: { saveData?: boolean } }
  if (connection?.saveData) return
  const idle = globalThis.requestIdleCallback ?? ((then: () => void) => setTimeout(then, IDLE_MS))
  idle(work)
}

export function usePart<M>(wanted: File<M>) {
  const [, setLoaded] = useState(0)
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
        if (current) setLoaded((times) => times + 1)
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

const atOnce = (load: () => void) => load()

/**
 * A part that nobody asked for: it shows when it has come, and nothing is said while it has not.
 *
 * @param due asked for whenever this becomes true, until it has come.
 * @param how at once, or `whenIdle`.
 */
export function useQuietPart<P>(wanted: Part<P>, due: boolean, how: (load: () => void) => void = atOnce) {
  const [, setLoaded] = useState(0)
  const load = useCallback(
    () =>
      void wanted.load().then(
        () => setLoaded((times) => times + 1),
        () => undefined,
      ),
    [wanted],
  )
  const Ready = wanted.ready()
  const missing = Ready === null
  useEffect(() => {
    // As it was shown: what came in between has to be shown as well.
    if (due && missing) how(load)
  }, [due, missing, how, load])
  return { Ready, load }
}

/** The server answers and the file does not come: a newer version took its place, which only the page itself names. */
async function reloadIfReplaced(): Promise<void> {
  const page = await fetch(location.href, { cache: "no-store" }).catch(() => null)
  if (page?.ok) location.reload()
}
