/**
 * The wire contract (docs/protocol.md) as types, and the one parser that makes them out of what arrives.
 *
 * Names are those of the wire. What is not known to this version is dropped, what is known but damaged throws.
 */
import {
  dictionary,
  fieldsOf,
  flag,
  list,
  number,
  object,
  oneOf,
  orElse,
  orNull,
  type Shape,
  type Shaped,
  text,
} from "./shape.ts"

const role = oneOf("member", "admin")

const limits = dictionary((value) => (typeof value === "number" ? value : 0))
export type Limits = Readonly<Record<string, number>>

export const member = object({ id: text, name: text, role, online: orElse(flag, false) })
export type Member = Shaped<typeof member>

const level = oneOf("all", "mentions", "none")
/** What somebody wants to be notified of in a channel; null is the room's way. */
export type Level = Shaped<typeof level> | null

export const channel = object({
  id: text,
  name: text,
  topic: orElse(text, ""),
  archived: orElse(flag, false),
  created_by: orNull(text),
  retention_days: orNull(number),
  last_seq: orElse(number, 0),
  read_seq: orElse(number, 0),
  unread: orElse(number, 0),
  mentions: orElse(number, 0),
  notify: orNull(level),
})
export type Channel = Shaped<typeof channel>
/** The channel that every room has. */
export const GENERAL = "general"

const said = object({
  seq: number,
  id: text,
  channel: text,
  author: text,
  body: text,
  sent_at: number,
  edited_at: orNull(number),
  reply_to: orNull(text),
  reply_seq: orNull(number),
  mentions: orElse(list(text), []),
  reactions: orElse(dictionary(list(text)), {}),
})
const deleted = object({ seq: number, id: text, channel: text, deleted_at: number })
const unreadable = object({ seq: number, id: text, channel: text, author: text, sent_at: number })

export type Said = Shaped<typeof said> & { readonly state: "said" }
export type Deleted = Shaped<typeof deleted> & {
  readonly state: "deleted"
  /** What a page that had the message still knows: so that no row moves when it goes. */
  readonly former?: { readonly author: string; readonly sent_at: number }
}
export type Unreadable = Shaped<typeof unreadable> & { readonly state: "unreadable" }
/** One place in a channel's history. */
export type Message = Said | Deleted | Unreadable

export const message: Shape<Message> = (value, path) => {
  const given = fieldsOf(value, path)
  if (typeof given["deleted_at"] === "number") return { state: "deleted", ...deleted(value, path) }
  if (given["unreadable"] === true) return { state: "unreadable", ...unreadable(value, path) }
  return { state: "said", ...said(value, path) }
}

const edited = object({
  seq: number,
  id: text,
  channel: text,
  body: text,
  edited_at: number,
  by: text,
  mentions: orElse(list(text), []),
})
const removed = object({ seq: number, id: text, channel: text, by: text, at: number })
const reaction = object({ seq: number, id: text, channel: text, emoji: text, by: text, on: flag })
const channelChanged = object({ seq: number, channel, by: text })
const channelDeleted = object({ seq: number, channel: text, by: text })
const memberChanged = object({
  seq: number,
  member,
  reason: orElse(oneOf("joined", "new_device", "role"), "role"),
})
const memberRemoved = object({ seq: number, member: text, by: text })
const roomChanged = object({ seq: number, retention_days: orNull(number), by: text })
const purge = object({ seq: number, channel: text, up_to_seq: number, count: number })

/** A durable change of the room. `other` is one that this version does not know; its `seq` counts all the same. */
export type RoomEvent =
  | { readonly kind: "message"; readonly seq: number; readonly message: Message }
  | (Shaped<typeof edited> & { readonly kind: "edit" })
  | (Shaped<typeof removed> & { readonly kind: "delete" })
  | (Shaped<typeof reaction> & { readonly kind: "reaction" })
  | (Shaped<typeof channelChanged> & { readonly kind: "channel" })
  | (Shaped<typeof channelDeleted> & { readonly kind: "channel_deleted" })
  | (Shaped<typeof memberChanged> & { readonly kind: "member" })
  | (Shaped<typeof memberRemoved> & { readonly kind: "member_removed" })
  | (Shaped<typeof roomChanged> & { readonly kind: "room" })
  | (Shaped<typeof purge> & { readonly kind: "purge" })
  | { readonly kind: "other"; readonly seq: number }

const event: Shape<RoomEvent> = (value, path) => {
  const given = fieldsOf(value, path)
  const seq = number(given["seq"], `${path}.seq`)
  switch (given["kind"]) {
    case "message":
      return { kind: "message", seq, message: message(value, path) }
    case "edit":
      return { kind: "edit", ...edited(value, path) }
    case "delete":
      return { kind: "delete", ...removed(value, path) }
    case "reaction":
      return { kind: "reaction", ...reaction(value, path) }
    case "channel":
      return { kind: "channel", ...channelChanged(value, path) }
    case "channel_deleted":
      return { kind: "channel_deleted", ...channelDeleted(value, path) }
    case "member":
      return { kind: "member", ...memberChanged(value, path) }
    case "member_removed":
      return { kind: "member_removed", ...memberRemoved(value, path) }
    case "room":
      return { kind: "room", ...roomChanged(value, path) }
    case "purge":
      return { kind: "purge", ...purge(value, path) }
    default:
      return { kind: "other", seq }
  }
}

const welcome = object({
  member,
  seq: number,
  resumed: flag,
  channels: list(channel),
  members: list(member),
  former_members: orElse(list(object({ id: text, name: text })), []),
  retention_days: orNull(number),
  session: object({ id: text, expires_at: number }),
  limits,
})
const events = object({ events: list(event) })
const presence = object({ online: orElse(list(text), []), offline: orElse(list(text), []) })
const typing = object({ channel: text, member: text })
const read = object({ channel: text, seq: number, unread: orElse(number, 0), mentions: orElse(number, 0) })
const notify = object({ channel: text, level: orNull(level) })
const confirmation = object({
  id: text,
  compare: orElse(text, ""),
  code: text,
  agent: orElse(text, ""),
  expires_at: number,
})
/** The member is an id; older servers may send the whole member. */
const memberId: Shape<string> = (value, path) => (typeof value === "string" ? value : member(value, path).id)
const approval = object({
  id: text,
  compare: orElse(text, ""),
  member: memberId,
  agent: orElse(text, ""),
  expires_at: number,
})
const loginDone = object({ id: text })
const alert = object({ id: text, kind: text, at: number })
const acknowledgement = object({
  ref: text,
  seq: number,
  sent_at: orNull(number),
  channel: orNull(text),
})
const history = object({ ref: text, channel: text, messages: list(message), more: flag })
const ok = object({ ref: orNull(text) })
const refusal = object({
  ref: orNull(text),
  code: text,
  detail: orElse(text, ""),
  retry_after: orNull(number),
})

export type Welcome = Shaped<typeof welcome>
export type Page = Shaped<typeof history>
export type Refusal = Shaped<typeof refusal>
const bans = object({ ref: orNull(text), bans: list(object({ id: text, name: text, at: number })) })
export type Ban = Shaped<typeof bans>["bans"][number]
export type Acknowledgement = Shaped<typeof acknowledgement>
export type Confirmation = Shaped<typeof confirmation>
/** What a member must be told about their own name; `kind` chooses the words. */
export type Alert = Shaped<typeof alert>
export type Approval = Shaped<typeof approval>

export type ServerFrame =
  | (Welcome & { readonly type: "welcome" })
  | (Shaped<typeof events> & { readonly type: "events" })
  | (Shaped<typeof presence> & { readonly type: "presence" })
  | (Shaped<typeof typing> & { readonly type: "typing" })
  | (Shaped<typeof read> & { readonly type: "read" })
  | (Shaped<typeof notify> & { readonly type: "notify" })
  | (Confirmation & { readonly type: "confirmation" })
  | (Approval & { readonly type: "approval" })
  | (Shaped<typeof loginDone> & { readonly type: "login.done" | "alert.done" })
  | (Alert & { readonly type: "alert" })
  | (Acknowledgement & { readonly type: "ack" })
  | (Page & { readonly type: "history" })
  | (Shaped<typeof bans> & { readonly type: "bans" })
  | (Shaped<typeof ok> & { readonly type: "ok" })
  | (Refusal & { readonly type: "error" })

/** Reads one frame. `null`: a type this version does not know. Throws `Misshapen` or `SyntaxError` when damaged. */
export function parseFrame(data: string): ServerFrame | null {
  const value: unknown = JSON.parse(data)
  const type = fieldsOf(value, "frame")["type"]
  switch (type) {
    case "welcome":
      return { type, ...welcome(value, type) }
    case "events":
      return { type, ...events(value, type) }
    case "presence":
      return { type, ...presence(value, type) }
    case "typing":
      return { type, ...typing(value, type) }
    case "read":
      return { type, ...read(value, type) }
    case "notify":
      return { type, ...notify(value, type) }
    case "confirmation":
      return { type, ...confirmation(value, type) }
    case "approval":
      return { type, ...approval(value, type) }
    case "login.done":
    case "alert.done":
      return { type, ...loginDone(value, type) }
    case "alert":
      return { type, ...alert(value, type) }
    case "ack":
      return { type, ...acknowledgement(value, type) }
    case "history":
      return { type, ...history(value, type) }
    case "bans":
      return { type, ...bans(value, type) }
    case "ok":
      return { type, ...ok(value, type) }
    case "error":
      return { type, ...refusal(value, type) }
    default:
      return null
  }
}

/** Requests that are answered by `ref`. */
export type Request =
  | { type: "edit"; id: string; body: string; mentions?: readonly string[] }
  | { type: "delete"; id: string }
  | { type: "react"; id: string; emoji: string; on: boolean }
  | { type: "history"; channel: string; before: number | null; limit: number }
  | { type: "history"; channel: string; after: number; limit: number }
  | { type: "channel.create"; name: string; topic?: string }
  | {
      type: "channel.update"
      id: string
      name?: string
      topic?: string
      archived?: boolean
      retention_days?: number | null
    }
  | { type: "channel.delete"; id: string }
  | { type: "member.remove"; id: string; ban?: boolean }
  | { type: "bans" }
  | { type: "ban.lift"; id: string }
  | { type: "room.update"; retention_days: number | null }
  | { type: "alert.seen"; id: string }
  | { type: "login.answer"; id: string; approve: boolean }
  | { type: "notify"; channel: string; level: Level }
  | { type: "push.test" }

export interface SendFrame {
  type: "send"
  id: string
  channel: string
  body: string
  reply_to?: string
  mentions?: readonly string[]
}

export type ClientFrame =
  | { type: "hello"; last_seq: number | null; acks: false }
  | SendFrame
  | { type: "read"; channel: string; seq: number }
  | { type: "typing"; channel: string }
  | { type: "visible"; visible: boolean }
  | (Request & { ref: string })

const session = object({ member: object({ id: text, name: text, role }), expires_at: number })
export type Session = Shaped<typeof session>
export const parseSession = (value: unknown): Session => session(value, "session")

const facts = object({
  room: text,
  title: text,
  retention_days: orNull(number),
  kdf: object({ name: oneOf("pbkdf2-sha256"), iterations: number, rounds: number, salt: text }),
  challenges: list(oneOf("altcha", "turnstile")),
  turnstile_site_key: orNull(text),
  /** A server that does not tell yet is asked for it. */
  session: (value: unknown, path: string) => (value === undefined ? undefined : orNull(session)(value, path)),
  /** Since when somebody else has the name of this browser's last member. */
  replaced_at: orNull(number),
  limits,
})
/** What a visitor may know of a room before login. */
export type RoomFacts = Shaped<typeof facts>
export const parseFacts = (value: unknown): RoomFacts => facts(value, "facts")

const devices = object({
  sessions: list(object({ id: text, created_at: number, seen_at: number, agent: orElse(text, ""), current: flag })),
})
export type Device = Shaped<typeof devices>["sessions"][number]
export const parseDevices = (value: unknown): readonly Device[] => devices(value, "devices").sessions

const stats = object({
  sockets: number,
  online: number,
  members: number,
  messages: list(object({ at: number, count: number })),
  storage_bytes: number,
  storage_limit_bytes: number,
  clean_up_at: orNull(number),
  push: orNull(object({ failures: number, since: orNull(number), last_status: orNull(number) })),
})
/** The room in figures, for admins. */
export type Stats = Shaped<typeof stats>
export const parseStats = (value: unknown): Stats => stats(value, "stats")

const problem = object({
  code: text,
  title: orElse(text, ""),
  retry_after: orNull(number),
  confirm: orElse(flag, false),
  confirmation: orNull(text),
  compare: orNull(text),
  expires_at: orNull(number),
  /** The name only looks like somebody's. */
  alike: orElse(flag, false),
})
/** Why the server refused a request over HTTP. */
export type Problem = Shaped<typeof problem>
export const parseProblem = (value: unknown): Problem => problem(value, "problem")
