/** Whether this device shows notifications of a room, and the switch for it: the page's side of notifications. */

import { type Destination, destination } from "../browser/places.ts"
import { inTime } from "../core/inTime.ts"
import { forget, keepMember, keptMember, publicKey, register, registerAll, unregister } from "./registration.ts"

export { keepLanguage } from "./registration.ts"

const ANSWER_MS = 20_000

export type PushState =
  /** The operator has set no key. */
  | "absent"
  | "unsupported"
  /** Safari on a phone offers it only to what is on the home screen. */
  | "install"
  | "denied"
  | "off"
  | "on"
  | "failed"

export function pushState(room: string, member: string): Promise<PushState> {
  return attempt(async () => {
    if ((await publicKey(room)) === null) return "absent"
    if (!isSupported()) return isApplePhone() ? "install" : "unsupported"
    if (Notification.permission === "denied") return "denied"
    const wanted = Notification.permission === "granted" && (await keptMember(room)) === member
    return wanted ? "on" : "off"
  })
}

/** Call it in a click: only then do browsers ask for the permission. People may take long to answer. */
export async function turnOn(room: string, member: string): Promise<PushState> {
  const permission = await Notification.requestPermission().catch(() => "denied")
  return attempt(async () => {
    if (permission === "granted") {
      await register(room, (await navigator.serviceWorker.ready).pushManager)
      await keepMember(room, member)
    }
    return pushState(room, member)
  })
}

export function turnOff(room: string, member: string): Promise<PushState> {
  return attempt(async () => {
    const { pushManager } = await navigator.serviceWorker.ready
    await unregister(room, pushManager)
    await forget(room, pushManager)
    return pushState(room, member)
  })
}

/** A worker that never becomes ready, a cache or a push service that never answers: nobody waits for them for ever. */
function attempt(work: () => Promise<PushState>): Promise<PushState> {
  return inTime(work(), ANSWER_MS).catch(() => "failed")
}

/** At every start: the browser may have a new address, the chat a new key, the room another member. */
export async function renew(room: string, member: string): Promise<void> {
  if (!isSupported() || Notification.permission !== "granted") return
  const { pushManager } = await navigator.serviceWorker.ready
  // The previous member of this browser wanted it, not this one.
  if (![member, null].includes(await keptMember(room))) await forget(room, pushManager)
  await registerAll(pushManager)
}

/** Whether what comes is pushed to this device: nothing else has to tell of it. */
export async function isSubscribed(room: string, member: string): Promise<boolean> {
  if (!isSupported() || Notification.permission !== "granted" || (await keptMember(room)) !== member) return false
  const registration = await navigator.serviceWorker.getRegistration()
  return Boolean(await registration?.pushManager.getSubscription())
}

/** The member leaves: what was shown of the room goes, too. */
export async function leave(room: string): Promise<void> {
  showBadge(0)
  if (!isSupported()) return
  await closeShown(room, () => true)
  const registration = await navigator.serviceWorker.getRegistration()
  if (registration !== undefined) await forget(room, registration.pushManager)
}

/** Closes notifications of a room that have nothing new to say. */
export async function closeShown(room: string, isDone: (shown: Destination) => boolean): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration()
  for (const shown of (await registration?.getNotifications?.()) ?? []) {
    const about = destination(shown.data, "notification")
    if (about.room === room && isDone(about)) shown.close()
  }
}

/** The sign on the app's icon, where there is one. */
export function showBadge(unread: number): void {
  void navigator.setAppBadge?.(unread).catch(() => undefined)
}

function isSupported(): boolean {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window
}

/** An iPad says that it is a Mac, but no Mac has a touch screen. */
function isApplePhone(): boolean {
  const { userAgent, maxTouchPoints } = navigator
  return /iPhone|iPad/.test(userAgent) || (userAgent.includes("Macintosh") && maxTouchPoints > 1)
}
