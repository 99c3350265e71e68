/**
 * The service worker: keeps the shell of this version, so that the chat opens without a network.
 *
 * Files with a hash in their name come from the cache; the pages come from the network while there is one, because
 * only they know of a new version. What people say is none of its business: that is in IndexedDB (vault.ts).
 */
export {}

interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface Fetching extends Extendable {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}
interface Worker extends EventTarget {
  readonly location: Location
  readonly clients: { claim(): Promise<void> }
  skipWaiting(): Promise<void>
}
// as: this file runs as a service worker, and TypeScript's DOM describes pages.
const worker = globalThis as unknown as Worker

const CACHE = `shell-${VERSION}`
const PAGE = "/"
const STATIC = [PAGE, "/manifest.webmanifest", "/icon.svg"]

worker.addEventListener("install", (event) => {
  // as: an install event is an ExtendableEvent.
  const { waitUntil } = bound(event as Extendable)
  waitUntil(caches.open(CACHE).then((cache) => cache.addAll([...STATIC, ...SHELL])))
})

worker.addEventListener("activate", (event) => {
  // as: an activate event is an ExtendableEvent.
  bound(event as Extendable).waitUntil(removeFormer().then(() => worker.clients.claim()))
})

worker.addEventListener("message", (event) => {
  // An ExtendableMessageEvent, which is no MessageEvent.
  if ("data" in event && event.data === "take over") void worker.skipWaiting()
})

worker.addEventListener("fetch", (event) => {
  // as: a fetch event is a FetchEvent.
  const fetching = event as Fetching
  const { request } = fetching
  const url = new URL(request.url)
  if (request.method !== "GET" || url.origin !== worker.location.origin) return
  if (request.mode === "navigate") fetching.respondWith(page(request))
  else if (!url.pathname.startsWith("/api/")) fetching.respondWith(asset(request))
})

function bound(event: Extendable) {
  return { waitUntil: (work: Promise<unknown>) => event.waitUntil(work) }
}

async function removeFormer(): Promise<void> {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name)
}

/** Every room has the same page; which room it is stands in the address. */
async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch {
    return (await caches.match(PAGE)) ?? Response.error()
  }
}

async function asset(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request)
}
