/**
 * How this browser is registered for notifications (docs/protocol.md, "Notifications"): page and service worker do it
 * alike. All rooms of a chat share one subscription of the browser.
 *
 * What the worker must know without a page is in a cache, where both can reach it: the language, and for each room
 * that may notify here, which member wanted it.
 */
import { toBase64url } from "../core/encoding.ts"
import { flag, object, orElse, text } from "../core/shape.ts"

export const NOTES = "notifications"
const LANGUAGE = "language"
const ROOMS = "room/"
const REFUSED = 409

const keyAnswer = object({ public_key: text })
const setUp = object({ push: orElse<boolean | undefined>(flag, undefined) })

/** The chat's public key; null where notifications are not set up. Throws where there is no answer. */
export async function publicKey(room: string): Promise<string | null> {
  // Asked first, for a 404 would be an error in the browser's console.
  const facts = accepted(await fetch(`/api/rooms/${room}`, { cache: "no-store" }))
  if (setUp(await facts.json(), "facts").push === false) return null
  const answer = await call(room, "GET")
  return answer.status === 404 ? null : keyAnswer(await accepted(answer).json(), "push").public_key
}

/** Lets this browser show notifications of a room, under the present key. */
export async function register(room: string, manager: PushManager): Promise<void> {
  const key = await publicKey(room)
  if (key === null) return
  const put = async () => call(room, "PUT", { subscription: await subscribe(manager, key) })
  const answer = await put()
  if (answer.status !== REFUSED) return void accepted(answer)
  // The push service takes nothing for this address any more: with a new one, of which the other rooms must know, too.
  await (await manager.getSubscription())?.unsubscribe()
  accepted(await put())
  await registerAll(manager)
}

/** The same for every room that notifies here: of a new address or key each must know. One that is away waits. */
export async function registerAll(manager: PushManager): Promise<void> {
  for (const room of await keptRooms()) await register(room, manager).catch(() => undefined)
}

export async function unregister(room: string, manager: PushManager): Promise<void> {
  const subscription = await manager.getSubscription()
  if (subscription !== null) accepted(await call(room, "DELETE", { endpoint: subscription.endpoint }))
}

export const keepLanguage = (language: string) => keep(LANGUAGE, language)
export const keptLanguage = () => kept(LANGUAGE)
export const keepMember = (room: string, member: string) => keep(ROOMS + room, member)
/** Who wanted notifications of a room here. */
export const keptMember = (room: string) => kept(ROOMS + room)

/** The room notifies no longer here; without any other the browser's subscription ends. */
export async function forget(room: string, manager: PushManager): Promise<void> {
  await (await notes()).delete(`/${NOTES}/${ROOMS}${room}`)
  if ((await keptRooms()).length === 0) await (await manager.getSubscription())?.unsubscribe()
}

export async function keptRooms(): Promise<readonly string[]> {
  const paths = (await (await notes()).keys()).map(({ url }) => new URL(url).pathname)
  const start = `/${NOTES}/${ROOMS}`
  return paths.filter((path) => path.startsWith(start)).map((path) => path.slice(start.length))
}

/** A subscription belongs to one key: a new key needs a new subscription. */
async function subscribe(manager: PushManager, key: string): Promise<PushSubscription> {
  const former = await manager.getSubscription()
  const formerKey = former?.options.applicationServerKey
  if (former !== null && formerKey && toBase64url(new Uint8Array(formerKey)) === key) return former
  await former?.unsubscribe()
  return manager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
}

function call(room: string, method: string, body?: object): Promise<Response> {
  return fetch(`/api/rooms/${room}/push`, {
    method,
    cache: "no-store",
    ...(body && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
  })
}

function accepted(answer: Response): Response {
  if (!answer.ok) throw new Error(`push: ${answer.status}`)
  return answer
}

const notes = () => caches.open(NOTES)

async function keep(name: string, value: string): Promise<void> {
  await (await notes()).put(`/${NOTES}/${name}`, new Response(value))
}

async function kept(name: string): Promise<string | null> {
  return (await (await notes()).match(`/${NOTES}/${name}`))?.text() ?? null
}
