import assert from "node:assert/strict"
import { test } from "node:test"
import { fromBase64url } from "../core/encoding.ts"
import {
  forget,
  keepMember,
  keptMember,
  keptRooms,
  publicKey,
  register,
  registerAll,
  unregister,
} from "./registration.ts"

const KEY = "BAAA"
const OTHER_KEY = "BBBB"

/** What was asked of the server, and what it answers. */
let asked: string[] = []
let answer: (asked: string) => Response
let facts: object
const agreeing = (what: string) =>
  what.startsWith("GET") ? Response.json({ public_key: KEY }) : new Response(null, { status: 204 })

/** A browser's push manager: one subscription at a time. */
function pushManager(first: string | null = null) {
  let key = first
  const subscription = () => ({
    endpoint: `https://push.example/${key}`,
    options: { applicationServerKey: fromBase64url(key ?? "").buffer },
    unsubscribe: async () => {
      key = null
      return true
    },
  })
  const manager = {
    getSubscription: async () => (key === null ? null : subscription()),
    subscribe: async (options: PushSubscriptionOptionsInit) => {
      assert.equal(options.userVisibleOnly, true)
      assert.equal(key, null, "browsers refuse a second key beside the first")
      key = String(options.applicationServerKey)
      return subscription()
    },
  }
  // as: it has what registration.ts uses of one.
  return { manager: manager as unknown as PushManager, key: () => key }
}

/** A test in which the page has a cache and somebody to ask; what it replaces is put back, as other files run in the same process. */
function inBrowser(name: string, body: () => Promise<void>): void {
  test(name, async (t) => {
    const { caches, fetch } = globalThis
    t.after(() => Object.assign(globalThis, { caches, fetch }))
    standIn()
    await body()
  })
}

function standIn(): void {
  asked = []
  answer = agreeing
  facts = { push: true }
  const kept = new Map<string, string>()
  const cache = {
    put: async (path: string, response: Response) => void kept.set(path, await response.text()),
    match: async (path: string) => (kept.has(path) ? new Response(kept.get(path)) : undefined),
    delete: async (path: string) => kept.delete(path),
    keys: async () => [...kept.keys()].map((path) => ({ url: `https://chat.example${path}` })),
  }
  Object.assign(globalThis, {
    caches: { open: async () => cache },
    fetch: async (path: string, { method, body }: { method: string; body?: string }) => {
      if (!path.endsWith("/push")) return Response.json(facts)
      const what = `${method} ${path}${body === undefined ? "" : ` ${/https:[^"]+/.exec(body)?.[0]}`}`
      if (method !== "GET") asked.push(what)
      return answer(what)
    },
  })
}

inBrowser("a subscription under the present key is registered as it is", async () => {
  const { manager, key } = pushManager(KEY)
  await register("den", manager)
  assert.equal(key(), KEY)
  assert.deepEqual(asked, [`PUT /api/rooms/den/push https://push.example/${KEY}`])
})

inBrowser("after a new key the browser subscribes anew", async () => {
  const { manager, key } = pushManager(OTHER_KEY)
  await register("den", manager)
  assert.equal(key(), KEY)
  assert.deepEqual(asked, [`PUT /api/rooms/den/push https://push.example/${KEY}`])
})

inBrowser(
  "an address that its push service takes nothing for is left for a new one, and every room is told of it",
  async () => {
    const { manager, key } = pushManager(KEY)
    for (const room of ["den", "attic"]) await keepMember(room, "anna")
    let subscribed = 0
    const subscribe = manager.subscribe.bind(manager)
    manager.subscribe = (options) => {
      subscribed++
      return subscribe(options)
    }
    answer = (what) =>
      what.startsWith("PUT") && subscribed === 0 ? new Response(null, { status: 409 }) : agreeing(what)
    await register("den", manager)
    assert.deepEqual([key(), subscribed], [KEY, 1])
    const put = (room: string) => `PUT /api/rooms/${room}/push https://push.example/${KEY}`
    assert.deepEqual(asked, [put("den"), put("den"), put("den"), put("attic")])
    answer = () => new Response(null, { status: 409 })
    await assert.rejects(register("den", manager), "a new one is made once and not for ever")
  },
)

inBrowser(
  "a refusal is told to whoever registers, and the chat without notifications from the chat that is away",
  async () => {
    answer = () => new Response(null, { status: 400 })
    await assert.rejects(register("den", pushManager().manager))
    await assert.rejects(publicKey("den"))
    answer = () => new Response(null, { status: 404 })
    assert.equal(await publicKey("den"), null)
    answer = () => Response.json({ public_key: KEY })
    assert.equal(await publicKey("den"), KEY)
  },
)

inBrowser(
  "a room without notifications is not asked for a key, as its refusal would be an error in the console",
  async () => {
    answer = () => assert.fail("asked")
    facts = { push: false }
    assert.equal(await publicKey("den"), null)
    await register("den", pushManager().manager)
    answer = agreeing
    facts = {}
    assert.equal(await publicKey("den"), KEY, "a server that does not tell yet is asked")
  },
)

inBrowser("the browser's subscription lasts as long as any room uses it", async () => {
  const { manager, key } = pushManager(KEY)
  await keepMember("den", "anna")
  await keepMember("attic", "boris")
  assert.deepEqual([await keptMember("den"), await keptMember("cellar")], ["anna", null])
  assert.deepEqual(await keptRooms(), ["den", "attic"])
  await unregister("den", manager)
  await forget("den", manager)
  assert.deepEqual([await keptRooms(), key()], [["attic"], KEY])
  await forget("attic", manager)
  assert.deepEqual([await keptRooms(), key()], [[], null])
  await unregister("attic", manager)
  assert.deepEqual(
    asked,
    [`DELETE /api/rooms/den/push https://push.example/${KEY}`],
    "without one there is none to end",
  )
})

inBrowser("of a new address every room that notifies here is told, whatever one of them says", async () => {
  const { manager } = pushManager()
  for (const room of ["den", "attic", "cellar"]) await keepMember(room, "anna")
  answer = (what) => (what.includes("/attic/") ? new Response(null, { status: 401 }) : agreeing(what))
  await registerAll(manager)
  assert.deepEqual(asked, [
    `PUT /api/rooms/den/push https://push.example/${KEY}`,
    `PUT /api/rooms/cellar/push https://push.example/${KEY}`,
  ])
})
