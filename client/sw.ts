/**
 * The service worker: keeps the shell of this version, so that the chat opens without a network, and shows
 * notifications while no page is open.
 *
 * Files with a hash in their name come from the cache; the pages come from the network while there is one, because
 * only they know of a new version. What people say is in IndexedDB (vault.ts), not here; of a notification nothing is
 * kept but what the browser shows.
 */

import { addressOf, type Destination, destination, roomFromPath } from "./browser/places.ts"
import { MAIN_ROOM } from "./core/contract.ts"
import { inTime } from "./core/inTime.ts"
import { invitationIn } from "./core/invites.ts"
import { languageFor } from "./i18n/translate.ts"
import { readNews } from "./push/notification.ts"
import { keptLanguage, NOTES, registerAll } from "./push/registration.ts"
import { show as showNews } from "./push/shown.ts"

interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface Fetching extends Extendable {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}
interface Pushed extends Extendable {
  readonly data: { text(): string } | null
}
interface Clicked extends Extendable {
  readonly notification: Notification
}
interface Window {
  readonly url: string
  readonly focused: boolean
  focus(): Promise<unknown>
  postMessage(message: Destination): void
}
interface Worker extends EventTarget {
  readonly location: Location
  readonly clients: {
    claim(): Promise<void>
    matchAll(which: { type: "window"; includeUncontrolled: true }): Promise<readonly Window[]>
    openWindow(address: string): Promise<unknown>
  }
  readonly registration: ServiceWorkerRegistration
  skipWaiting(): Promise<void>
}
// as: this file runs as a service worker, and TypeScript's DOM describes pages.
const worker = globalThis as unknown as Worker

const CACHE = `shell-${VERSION}`
const PAGE = "/"
/** A network that hangs counts as none where there is something to show without it. */
const NETWORK_MS = 8_000
const CACHE_MS = 2_000
const STATIC = ["/manifest.webmanifest", "/icon.svg", "/scenes.svg"]

/** Does work that the browser must wait for. */
function on<E extends Extendable>(type: string, work: (event: E) => Promise<unknown>): void {
  // as: each of these events is an ExtendableEvent, with what its interface above says.
  worker.addEventListener(type, (event) => (event as E).waitUntil(work(event as E)))
}

on("install", async () => {
  const cache = await caches.open(CACHE)
  await cache.addAll([...STATIC, ...SHELL])
  await cache.put(PAGE, await anyPage())
})
on("activate", () => removeFormer().then(() => worker.clients.claim()))
on<Pushed>("push", ({ data }) => show(data?.text() ?? ""))
on<Clicked>("notificationclick", ({ notification }) => follow(notification))
on("pushsubscriptionchange", () => registerAll(worker.registration.pushManager))

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

async function removeFormer(): Promise<void> {
  for (const name of await caches.keys()) if (name !== CACHE && name !== NOTES) await caches.delete(name)
}

/** Every room has the same page; the address names the room. */
async function page(request: Request): Promise<Response> {
  const fetched = fetch(request)
  try {
    return await inTime(fetched, NETWORK_MS)
  } catch {
    return (await kept(PAGE)) ?? fetched
  }
}

/** The page as a room that exists gives it: a chat need not have room main. */
async function anyPage(): Promise<Response> {
  const rooms = new Set([MAIN_ROOM, ...(await openWindows()).map(roomOf)])
  return Promise.any([...rooms].map((room) => accepted(addressOf({ room, channel: null, seq: null }))))
}

async function accepted(address: string): Promise<Response> {
  const answer = await fetch(address)
  if (!answer.ok) throw new Error(`page: ${answer.status}`)
  return answer
}

async function asset(request: Request): Promise<Response> {
  return (await kept(request)) ?? fetch(request)
}

/** What the cache has, unless it does not answer. */
function kept(wanted: Request | string): Promise<Response | undefined> {
  return inTime(caches.match(wanted), CACHE_MS).catch(() => undefined)
}

/** Shows what was pushed, unless somebody is looking at that room: browsers forgive silence only then. */
async function show(pushed: string): Promise<void> {
  const news = readNews(pushed)
  if (news.unread !== null) void navigator.setAppBadge?.(news.unread).catch(() => undefined)
  if (news.type !== "test" && (await windowsOf(news.room)).some(({ focused }) => focused)) return
  const language = languageFor([(await keptLanguage()) ?? navigator.language])
  await showNews(worker.registration, news, language)
}

/** Goes to the message: in the window that has the room open, or in a new one. */
async function follow(notification: Notification): Promise<void> {
  notification.close()
  const goal = destination(notification.data, "notification")
  const [window] = await windowsOf(goal.room)
  if (window === undefined) return void (await worker.clients.openWindow(addressOf(goal)))
  window.postMessage(goal)
  await window.focus()
}

async function windowsOf(room: string): Promise<readonly Window[]> {
  return (await openWindows()).filter((window) => roomOf(window) === room)
}

const openWindows = () => worker.clients.matchAll({ type: "window", includeUncontrolled: true })

/** Windows are called by the address they came with, which may have been an invitation's. */
function roomOf(window: Window): string {
  const url = new URL(window.url)
  return invitationIn(url)?.room ?? roomFromPath(url.pathname)
}
