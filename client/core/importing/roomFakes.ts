/** Sources and rooms for tests of imports: what is in them is made up; the room keeps to docs/protocol.md, "Import". */
import type { FileInfo } from "../files/types.ts"
import {
  type Bringing,
  channel as channelShape,
  type Message,
  member as memberShape,
  type Request,
} from "../protocol.ts"
import { Refused, type Result } from "../requests.ts"
import { type Here, type Room, Stopped } from "./room.ts"
import type { Attachment, Gone, ImportSource, Person, Place, Said, Skipped } from "./source.ts"

export const NOW = 1_800_000_000_000
export const DAY_MS = 86_400_000

export const uuid = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`

export const place = (parts: Partial<Place> = {}): Place => ({
  key: "C1",
  name: "plans",
  topic: "",
  kind: "open",
  people: [],
  archived: false,
  ...parts,
})

export const said = (number: number, parts: Partial<Said> = {}): Said => ({
  id: uuid(number),
  author: "U1",
  sentAt: NOW - 10 * DAY_MS + number,
  editedAt: null,
  body: `said ${number}`,
  replyTo: null,
  mentions: [],
  reactions: {},
  files: [],
  where: `plans, line ${number}`,
  ...parts,
})

export const attachment = (parts: Partial<Attachment> = {}): Attachment => ({
  key: "F1",
  name: "summer.jpg",
  type: "image/jpeg",
  size: 3,
  ...parts,
})

interface Made {
  readonly people?: readonly Person[]
  readonly places?: readonly (readonly [Place, readonly (Said | Gone | Skipped)[]])[]
  readonly flavour?: ImportSource["flavour"]
  readonly skipped?: readonly Skipped[]
  readonly contents?: Readonly<Record<string, string>>
}

export const fakeSource = (made: Made = {}): ImportSource => {
  const { people = [{ key: "U1", name: "Clara" }], places = [], flavour = "slack", skipped = [], contents = {} } = made
  return {
    flavour,
    title: "Elsewhere",
    people,
    skipped,
    places: places.map(([each]) => each),
    said: async function* (wanted) {
      yield* places.find(([each]) => each === wanted)?.[1] ?? []
    },
    bytesOf: async ({ key }) => {
      const content = contents[key]
      return content === undefined ? null : new Blob([content]).stream()
    },
    close: async () => undefined,
  }
}

export const member = (id: string, name: string, parts: object = {}) => memberShape({ id, name, ...parts }, "member")
export const channel = (id: string, name: string, parts: object = {}) => channelShape({ id, name, ...parts }, "channel")

const OSKAR = member("oskar", "Oskar", { role: "admin", secured: true })

export const here = (parts: Partial<Here> = {}): Here => ({
  member: OSKAR,
  members: [OSKAR],
  former_members: [],
  channels: [channel("general", "general")],
  retention_days: 0,
  limits: {
    body_characters: 4000,
    name_characters: 40,
    channel_name_characters: 80,
    topic_characters: 250,
    file_bytes: 1_000_000,
    files: 10,
  },
  direct_messages: "everyone",
  ...parts,
})

export interface FakeRoom extends Room {
  /** What was brought, by channel. */
  readonly brought: Map<string, Bringing[]>
  readonly people: Map<string, string>
  readonly asked: Request[]
  readonly uploaded: Map<string, { readonly channel: string; readonly text: string }>
  readonly givenUp: string[]
  /** Called before each answer; what it throws is thrown. */
  before: (request: Request) => void
}

/** @param written channels in which others have written. */
export function fakeRoom(parts: Partial<Here> = {}, written: readonly string[] = []): FakeRoom {
  let now = here(parts)
  const brought = new Map<string, Bringing[]>()
  const people = new Map<string, string>()
  const asked: Request[] = []
  const uploaded: FakeRoom["uploaded"] = new Map()
  const givenUp: string[] = []
  const ids = () => new Set([...brought.values()].flat().map(({ id }) => id))

  const make = (name: string, parts: object): Result => {
    const id = `c${now.channels.length}`
    now = { ...now, channels: [...now.channels, channel(id, name, { created_by: now.member.id, ...parts })] }
    return { type: "ack", ref: "", seq: 1, sent_at: null, channel: id }
  }
  const change = (id: string, change: object): Result => {
    now = { ...now, channels: now.channels.map((each) => (each.id === id ? { ...each, ...change } : each)) }
    return { type: "ack", ref: "", seq: 1, sent_at: null, channel: id }
  }
  const take = (id: string, messages: readonly Bringing[], named: readonly { id: string; name: string }[]): Result => {
    const known = ids()
    const fresh = messages.filter((message) => !known.has(message.id))
    if (written.includes(id) && (fresh.length > 0 || messages.length === 0)) throw new Refused("forbidden")
    brought.set(id, [...(brought.get(id) ?? []), ...fresh])
    for (const each of named) people.set(each.id, each.name)
    change(id, { last_seq: brought.get(id)?.length ?? 0 })
    const counts = { added: fresh.length, known: messages.length - fresh.length, elsewhere: 0, expired: 0 }
    return { type: "imported", ref: "", counts }
  }
  const answer = (request: Request): Result => {
    switch (request.type) {
      case "channel.create":
        return make(request.name, { kind: "kind" in request ? request.kind : "open" })
      case "direct.open":
        return make("", { kind: "direct", members: [now.member.id, ...request.members] })
      case "channel.update":
        return change(request.id, request)
      case "import":
        return take(request.channel, request.messages, request.people ?? [])
      case "history": {
        const all = (brought.get(request.channel) ?? []).map((message, place) =>
          storedAs(message, place + 1, request.channel),
        )
        const from = "after" in request ? request.after : 0
        const messages = all.slice(from, from + 3)
        return {
          type: "history",
          ref: "",
          channel: request.channel,
          messages,
          more: from + 3 < all.length,
          older: false,
          newer: false,
          pinned: [],
          at: null,
        }
      }
      default:
        throw new Refused("malformed")
    }
  }
  const room: FakeRoom = {
    brought,
    people,
    asked,
    uploaded,
    givenUp,
    before: () => undefined,
    here: () => now,
    now: () => NOW,
    subtle: crypto.subtle,
    ask: async (request) => {
      asked.push(request)
      room.before(request)
      return answer(request)
    },
    upload: async (channel, file, bytes) => {
      if (now.channels.some(({ id, archived }) => id === channel && archived)) throw new Stopped("archived")
      const text = await new Response(bytes).text()
      const info: FileInfo = { ...file, id: `file-${uploaded.size}`, key: "key" }
      uploaded.set(info.id, { channel, text })
      return info
    },
    giveUp: async (files) => void givenUp.push(...files),
  }
  return room
}

const storedAs = ({ id, author = "", sent_at = 0, body = "" }: Bringing, seq: number, channel: string): Message => ({
  state: "said",
  id,
  seq,
  channel,
  author,
  sent_at,
  body,
  edited_at: null,
  reply_to: null,
  reply_seq: null,
  mentions: [],
  reactions: {},
  files: [],
  shown_as: {},
})
