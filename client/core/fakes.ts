/** A world for tests: a clock that stands still, a socket that says what the test tells it, storage in memory. */
import { createApi } from "./api.ts"
import { type Chat, createChat } from "./chat.ts"
import { createDoor } from "./door.ts"
import { createEntrance } from "./entrance.ts"
import type { Clock, Outgoing, Ports, Shelf, Tabs, Vault } from "./ports.ts"
import { fieldsOf } from "./shape.ts"

export interface FakeClock extends Clock {
  /** Lets time pass, and what is due happen in order. */
  pass(ms: number): void
}

export function fakeClock(start = 1_700_000_000_000): FakeClock {
  let now = start
  let timers: { due: number; action: () => void }[] = []
  return {
    now: () => now,
    after: (ms, action) => {
      const timer = { due: now + ms, action }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    pass: (ms) => {
      const until = now + ms
      for (;;) {
        const next = timers.filter(({ due }) => due <= until).sort((a, b) => a.due - b.due)[0]
        if (next === undefined) break
        timers = timers.filter((other) => other !== next)
        now = next.due
        next.action()
      }
      now = until
    },
  }
}

/** Lets promises and timers of no length run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setTimeout(resolve, 2))
}

export function memoryShelf(): Shelf {
  return shelvesOfTabs()()
}

/** The storage that the tabs of one browser share: each call is the view of another tab. */
export function shelvesOfTabs(): () => Shelf {
  type Listener = Parameters<Shelf["watch"]>[0]
  const kept = new Map<string, string>()
  const listeners = new Map<object, Set<Listener>>()
  return () => {
    const tab = {}
    const own = new Set<Listener>()
    listeners.set(tab, own)
    const put = (key: string, value: string | null) => {
      const former = kept.get(key) ?? null
      if (value === null) kept.delete(key)
      else kept.set(key, value)
      if (value === former) return
      for (const [other, all] of listeners) if (other !== tab) for (const listener of all) listener(key, value, former)
    }
    return {
      get: (key) => kept.get(key) ?? null,
      set: put,
      remove: (key) => put(key, null),
      clear: (prefix) => {
        for (const key of [...kept.keys()]) if (key.startsWith(prefix)) put(key, null)
      },
      watch: (listener) => {
        own.add(listener)
        return () => own.delete(listener)
      },
    }
  }
}

/** One browser profile's storage: several tabs may open it. */
export function memoryVault(): Vault {
  const outgoing = new Map<string, Outgoing>()
  let snapshot: unknown = null
  return {
    outgoing: async () => [...outgoing.values()],
    keepOutgoing: async (message) => void outgoing.set(message.id, message),
    dropOutgoing: async (id) => void outgoing.delete(id),
    adoptOutgoing: async (id, from, to) => {
      const message = outgoing.get(id)
      if (message?.owner !== from) return false
      outgoing.set(id, { ...message, owner: to })
      return true
    },
    snapshot: async () => snapshot,
    keepSnapshot: async (value) => {
      snapshot = structuredClone(value)
    },
    clear: async () => {
      outgoing.clear()
      snapshot = null
    },
  }
}

export function fakeTabs(own: string, open: readonly string[] = []): Tabs {
  return { own, isOpen: async (tab) => open.includes(tab) }
}

/** The far end of the line, in the hands of a test. */
export class FakeSocket extends EventTarget {
  static readonly opened: FakeSocket[] = []
  static last(): FakeSocket {
    const socket = FakeSocket.opened.at(-1)
    if (socket === undefined) throw new Error("nobody has dialled")
    return socket
  }

  readonly url: string
  readonly protocols: string | string[]
  readonly sent: string[] = []
  readyState = 0
  binaryType = "blob"

  constructor(url: string, protocols: string | string[] = []) {
    super()
    this.url = url
    this.protocols = protocols
    FakeSocket.opened.push(this)
  }

  send(data: string): void {
    this.sent.push(data)
  }

  close(code = 1000): void {
    this.drop(code)
  }

  /** The server accepts. */
  accept(): void {
    this.readyState = 1
    this.dispatchEvent(new Event("open"))
  }

  /** The server speaks. */
  say(frame: object | string): void {
    const data = typeof frame === "string" ? frame : JSON.stringify(frame)
    this.dispatchEvent(new MessageEvent("message", { data }))
  }

  /** The line breaks. */
  drop(code = 1006, reason = ""): void {
    if (this.readyState === 3) return
    this.readyState = 3
    this.dispatchEvent(Object.assign(new Event("close"), { code, reason, wasClean: false }))
  }

  /** The frames that were sent, `ping` aside. */
  frames(): readonly Readonly<Record<string, unknown>>[] {
    return this.sent.filter((data) => data !== "ping").map((data) => fieldsOf(JSON.parse(data), "sent"))
  }

  framesOf(type: string): readonly Readonly<Record<string, unknown>>[] {
    return this.frames().filter((frame) => frame["type"] === type)
  }
}

// as: it has what the line uses of a WebSocket.
export const fakeWebSocket = FakeSocket as unknown as typeof WebSocket

export function fakePorts(parts: Partial<Ports> = {}): Ports {
  let ids = 0
  return {
    fetch: () => Promise.reject(new Error("no network")),
    WebSocket: fakeWebSocket,
    subtle: crypto.subtle,
    uuid: () => `id-${++ids}`,
    clock: fakeClock(),
    shelf: memoryShelf(),
    tabs: fakeTabs("tab-1"),
    openVault: () => memoryVault(),
    origin: "https://chat.example",
    isOnline: () => true,
    isVisible: () => true,
    ...parts,
  }
}

export const ANNA = { id: "anna", name: "Anna", role: "member" as const, online: true }
export const BORIS = { id: "boris", name: "Boris", role: "member" as const, online: true }
export const GENERAL_CHANNEL = {
  id: "general",
  name: "general",
  topic: "",
  archived: false,
  created_by: null,
  retention_days: null,
  last_seq: 0,
  read_seq: 0,
  unread: 0,
  mentions: 0,
  notify: null,
  starred: false,
  kind: "open" as const,
  members: [],
  keepers: [],
  since_seq: 0,
  seq: 0,
  last_at: 0,
}
/** A private channel of Anna's and Boris's, and what they say to each other directly. */
export const DEN = { ...GENERAL_CHANNEL, id: "den", name: "den", kind: "private" as const, members: ["anna", "boris"] }
export const DIRECT = { ...DEN, id: "direct", name: "", kind: "direct" as const }

export function welcomeFrame(parts: object = {}) {
  return {
    type: "welcome",
    member: ANNA,
    seq: 0,
    resumed: false,
    channels: [GENERAL_CHANNEL],
    members: [ANNA, BORIS],
    former_members: [],
    retention_days: null,
    session: { id: "s1", expires_at: 0 },
    limits: { body_characters: 4000 },
    ...parts,
  }
}

export function messageEvent(seq: number, parts: object = {}) {
  return {
    kind: "message",
    seq,
    id: `m${seq}`,
    channel: "general",
    author: "boris",
    body: `message ${seq}`,
    sent_at: 1_700_000_000_000 + seq * 1000,
    ...parts,
  }
}

/** What a room says of itself, and who comes in. */
export const FACTS = {
  room: "main",
  title: "Our room",
  retention_days: null,
  kdf: { name: "pbkdf2-sha256", iterations: 1000, rounds: 2, salt: "AAECAwQFBgcICQoLDA0ODw" },
  challenges: [],
  turnstile_site_key: null,
  limits: {},
}
export const SESSION = { member: { id: "anna", name: "Anna", role: "member" }, expires_at: 0 }

/** The chat of somebody who has signed in, and has not begun. */
export function signedIn(ports: Ports, role: "member" | "admin" = "member"): Chat {
  return createChat({
    room: "main",
    session: { ...SESSION, member: { ...SESSION.member, role } },
    ports,
    api: createApi("main", ports.origin, ports.fetch),
    onEnded: () => undefined,
    onLeft: () => undefined,
    sessionStands: async () => true,
  })
}

/** The same once the room has welcomed them; the chat ends with the test. */
export async function welcomed(
  t: { after(end: () => void): void },
  ports: Ports,
  { role, seq = 0 }: { role?: "member" | "admin"; seq?: number } = {},
) {
  const chat = signedIn(ports, role)
  t.after(chat.close)
  await chat.start()
  await settle()
  const socket = FakeSocket.last()
  socket.accept()
  socket.say(welcomeFrame({ seq }))
  await settle()
  return { chat, socket }
}

export const problem = (status: number, body: object) => Response.json({ status, title: "", ...body }, { status })

/** A server that gives the answers of a list to logins, one after the other. */
export function arrive(
  answers: (Response | Promise<Response>)[],
  session: Response = problem(401, { code: "unauthenticated" }),
  openVault: Ports["openVault"] = () => memoryVault(),
) {
  const asked: unknown[] = []
  const clock = fakeClock()
  const shelf = memoryShelf()
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const url = String(input)
    if (init?.method === "POST") {
      asked.push(JSON.parse(String(init.body)))
      return answers.shift() ?? problem(500, { code: "internal" })
    }
    return url.endsWith("/session") ? session.clone() : Response.json(FACTS)
  }
  const ports = fakePorts({ fetch, clock, shelf, openVault })
  const entrance = createEntrance("main", ports)
  return { entrance, door: createDoor(entrance, ports), asked, clock, shelf, state: entrance.store.get }
}
