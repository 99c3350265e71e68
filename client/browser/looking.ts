/** Whether anybody looks at a room in this browser: its tabs know of each other by a lock that each one holds which is looked at. */

/** A tab that has told of something keeps others from it for so long: they have heard of it at the same moment. */
const SAID_MS = 1_000

const lockOf = (room: string) => `looks at ${room}`

export function isLookedAt(): boolean {
  return document.visibilityState === "visible" && document.hasFocus()
}

/** Tells the other tabs whenever this one is looked at, until the result is called. */
export function lookAt(room: string): () => void {
  let stopLooking = () => {}
  let looks = false
  const become = (next: boolean) => {
    if (looks === next) return
    looks = next
    stopLooking()
    if (next) stopLooking = hold(lockOf(room))
  }
  const follow = () => become(isLookedAt())
  const events = ["focus", "blur"] as const
  for (const event of events) addEventListener(event, follow)
  document.addEventListener("visibilitychange", follow)
  follow()
  return () => {
    for (const event of events) removeEventListener(event, follow)
    document.removeEventListener("visibilitychange", follow)
    become(false)
  }
}

/** Holds a lock, beside others, until the result is called; where it is still waited for, not at all. */
function hold(name: string): () => void {
  const waiting = new AbortController()
  let release = () => {}
  const held = new Promise<void>((done) => {
    release = done
  })
  navigator.locks?.request(name, { mode: "shared", signal: waiting.signal }, () => held).catch(() => undefined)
  return () => {
    waiting.abort()
    release()
  }
}

/** Does `work` in this tab alone, and only where no tab is looked at. */
export async function whereNobodyLooks(room: string, work: () => Promise<unknown>): Promise<void> {
  if (navigator.locks === undefined) return void (await work())
  await navigator.locks.request(lockOf(room), { ifAvailable: true }, async (lock) => {
    if (lock === null) return
    await work()
    await new Promise((done) => setTimeout(done, SAID_MS))
  })
}
