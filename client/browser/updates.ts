/** The service worker, and the news that another version of this page is ready. */
import { trustedScript } from "./trusted.ts"

let waiting: ServiceWorker | null = null
const listeners = new Set<() => void>()

export const updates = {
  subscribe: (listener: () => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  isReady: () => waiting !== null,
  /** Lets the new version take over; the page then loads it. */
  install: () => waiting?.postMessage("take over"),
}

export function watchForUpdates(): void {
  if (!("serviceWorker" in navigator)) return
  let controlled = navigator.serviceWorker.controller !== null
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    // The first worker of a page is the one it came with, unless the page was loaded past an older one.
    if (controlled || waiting) location.reload()
    controlled = true
  })
  navigator.serviceWorker
    .register(trustedScript("/sw.js"))
    .then(watch)
    .catch((error: unknown) => console.warn("no service worker", error instanceof Error ? error.name : ""))
}

const CHECK_EVERY_MS = 60 * 60_000

function watch(registration: ServiceWorkerRegistration): void {
  announce(registration.waiting)
  registration.addEventListener("updatefound", () => {
    const fresh = registration.installing
    fresh?.addEventListener("statechange", () => {
      if (fresh.state === "installed" && navigator.serviceWorker.controller !== null) announce(fresh)
    })
  })
  setInterval(() => void registration.update().catch(() => undefined), CHECK_EVERY_MS)
}

function announce(worker: ServiceWorker | null): void {
  if (worker === null) return
  waiting = worker
  for (const listener of listeners) listener()
}
