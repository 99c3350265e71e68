/**
 * The wire contract (docs/protocol.md) as types, and the one parser that makes them out of what arrives.
 *
 * Names are those of the wire. What is not known to this version is dropped, what is known but damaged throws.
 */
import { limits, role } from "./answers.ts"
import { KINDS, LEVELS } from "./contract.ts"
import type { FileInfo } from "./files/types.ts"
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

export type { Limits, Problem, RoomFacts, Session } from "./answers.ts"

export const member = object({ id: text, name: text, role, online: orElse(flag, false), secured: orElse(flag, false) })
export type Member = Shaped<typeof member>

const level = oneOf(...LEVELS)
/** What somebody wants to be notified of; null is the room's way. */
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
  /** Others than open ones are lanes: they count a `seq` of their own, and only their members know of them. */
  kind: orElse(oneOf(...KINDS), "open"),
  /** Of a lane: who is in it, and who may change that. */
  members: orElse(list(text), []),
  keepers: orElse(list(text), []),
  /** Nothing at or below it is ever given to this member. */
  since_seq: orElse(number, 0),
  /** The lane's newest change, as `welcome.seq` is the room's. */
  seq: orElse(number, 0),
  /** When its newest message was sent; 0: not known. */
  last_at: orElse(number, 0),
})
export type Channel = Shaped<typeof channel>

const optionalNumber = orElse<number | undefined>(number, undefined)
const optionalText = orElse<string | undefined>(text, undefined)
const thumb = object({ type: text, size: number, width: number, height: number })
const file: Shape<FileInfo> = object({
  id: text,
  key: text,
  name: text,
  type: text,
  size: number,
  width: optionalNumber,
  height: optionalNumber,
  duration: optionalNumber,
  hash: optionalText,
  alt: optionalText,
  thumb: orElse<Shaped<typeof thumb> | undefined>(thumb, undefined),
})

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
  files: orElse(list(file), []),
  /** Of a bot's: the name and the emoji of whoever it speaks for. */
  shown_as: orElse(dictionary(text), {}),
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

/** Every kind of event, without `kind`. */
export const EVENTS = {
  message: (value: unknown, path: string) => ({
    seq: number(fieldsOf(value, path)["seq"], `${path}.seq`),
    message: message(value, path),
  }),
  edit: object({
    seq: number,
    id: text,
    channel: text,
    body: text,
    edited_at: number,
    by: text,
    mentions: orElse(list(text), []),
  }),
  delete: object({ seq: number, id: text, channel: text, by: text, at: number }),
  reaction: object({ seq: number, id: text, channel: text, emoji: text, by: text, on: flag }),
  channel: object({ seq: number, channel, by: text }),
  channel_deleted: object({ seq: number, channel: text, by: text }),
  /** Others are in a lane. */
  members: object({
    seq: number,
    channel: text,
    added: orElse(list(text), []),
    removed: orElse(list(text), []),
    by: text,
    history: orNull(text),
  }),
  member: object({
    seq: number,
    member,
    reason: orElse(oneOf("joined", "new_device", "role", "secured"), "role"),
    invited_by: orNull(text),
  }),
  member_removed: object({ seq: number, member: text, by: text }),
  room: object({ seq: number, retention_days: orNull(number), by: text }),
  purge: object({ seq: number, channel: text, up_to_seq: number, count: number }),
}
type Events = typeof EVENTS

/** A durable change of the room. `other` is one that this version does not know; its `seq` counts all the same. */
export type RoomEvent =
  | { [K in keyof Events]: { readonly kind: K } & Readonly<ReturnType<Events[K]>> }[keyof Events]
  | { readonly kind: "other"; readonly seq: number }

const event: Shape<RoomEvent> = (value, path) => {
  const { kind, seq } = fieldsOf(value, path)
  if (!isKey(EVENTS, kind)) return { kind: "other", seq: number(seq, `${path}.seq`) }
  // as: what the shape of this very kind has taken.
  return { kind, ...EVENTS[kind](value, path) } as RoomEvent
}

/** The member is an id; older servers may send the whole member. */
const memberId: Shape<string> = (value, path) => (typeof value === "string" ? value : member(value, path).id)
/** What the two questions about a sign-in have in common. */
const asked = { id: text, compare: orElse(text, ""), agent: orElse(text, ""), expires_at: number }

/** A link for new people. `uses`: how many it lets in, null for any number; `used`: the members who came by it. */
const invite = object({
  id: text,
  label: text,
  by: text,
  created_at: number,
  expires_at: number,
  uses: orNull(number),
  used: list(text),
})
export type Invite = Shaped<typeof invite>

/** What a new hook or bot is told, and one with a new secret: once. */
const made = object({ ref: orNull(text), id: text, token: text })

/** A message that a search found. `match`: start and length of each place, in code points of its body. */
const hit = (value: unknown, path: string) => ({
  message: message(value, path),
  match: list(list(number))(fieldsOf(value, path)["match"], `${path}.match`),
})

/** Every frame that the server sends, without `type`: the parser and the types follow from this table. */
export const FRAMES = {
  welcome: object({
    member,
    seq: number,
    resumed: flag,
    channels: list(channel),
    members: list(member),
    former_members: orElse(list(object({ id: text, name: text })), []),
    retention_days: orNull(number),
    invites: orElse(flag, false),
    session: object({ id: text, expires_at: number }),
    limits,
    /** Null: a server that knows no lanes. */
    lanes_resumed: orNull(list(text)),
    /** Admins may read everything. */
    supervision: orElse(flag, false),
    /** Who may begin a direct conversation with whom. */
    direct_messages: orElse(text, "everyone"),
  }),
  /** Of a lane, or of the room. */
  events: object({ lane: orNull(text), events: list(event) }),
  /** The member is in a lane now, or it has become another one. */
  lane: object({ channel }),
  "lane.gone": object({ channel: text }),
  presence: object({ online: orElse(list(text), []), offline: orElse(list(text), []) }),
  typing: object({ channel: text, member: text }),
  read: object({ channel: text, seq: number, unread: orElse(number, 0), mentions: orElse(number, 0) }),
  notify: object({ channel: text, level: orNull(level) }),
  confirmation: object({ ...asked, code: text }),
  approval: object({ ...asked, member: memberId }),
  "login.done": object({ id: text }),
  alert: object({ id: text, kind: text, at: number }),
  "alert.done": object({ id: text }),
  ack: object({ ref: text, seq: number, sent_at: orNull(number), channel: orNull(text) }),
  /** `older` and `newer` come with what is around a message; `more` is for the side that was asked for. */
  history: object({
    ref: text,
    channel: text,
    messages: list(message),
    more: flag,
    older: orElse(flag, false),
    newer: orElse(flag, false),
  }),
  found: object({
    ref: text,
    messages: list(hit),
    similar: orElse(list(hit), []),
    cursor: orNull(text),
    back_to: number,
    complete: flag,
  }),
  tickets: object({ ref: text, tickets: dictionary(text), expires_at: number }),
  bans: object({ ref: orNull(text), bans: list(object({ id: text, name: text, at: number })) }),
  invite: object({ ref: orNull(text), id: text, expires_at: number }),
  invites: object({ ref: orNull(text), invites: list(invite) }),
  hook: made,
  bot: made,
  bots: object({ ref: orNull(text), bots: list(fieldsOf) }),
  /** What each of them is: programs.ts, which only admins need. */
  hooks: object({ ref: orNull(text), hooks: list(fieldsOf) }),
  /** What each of them is: privateChannels.ts. */
  lanes: object({ ref: orNull(text), lanes: list(fieldsOf) }),
  ok: object({ ref: orNull(text) }),
  error: object({ ref: orNull(text), code: text, detail: orElse(text, ""), retry_after: orNull(number) }),
}
type Frames = typeof FRAMES

export type ServerFrame = { [K in keyof Frames]: { readonly type: K } & Shaped<Frames[K]> }[keyof Frames]
export type Welcome = Shaped<Frames["welcome"]>
export type Page = Shaped<Frames["history"]>
export type Found = Shaped<Frames["found"]>
export type Refusal = Shaped<Frames["error"]>
export type Ban = Shaped<Frames["bans"]>["bans"][number]
export type Acknowledgement = Shaped<Frames["ack"]>
export type Confirmation = Shaped<Frames["confirmation"]>
/** An alert to a member about their own name; `kind` chooses the words. */
export type Alert = Shaped<Frames["alert"]>
export type Approval = Shaped<Frames["approval"]>

/** Reads one frame. `null`: a type this version does not know. Throws `Misshapen` or `SyntaxError` when damaged. */
export function parseFrame(data: string): ServerFrame | null {
  const value: unknown = JSON.parse(data)
  const { type } = fieldsOf(value, "frame")
  // as: what the shape of this very type has taken.
  return isKey(FRAMES, type) ? ({ type, ...FRAMES[type](value, type) } as ServerFrame) : null
}

function isKey<T extends object>(table: T, key: unknown): key is keyof T & string {
  return typeof key === "string" && Object.hasOwn(table, key)
}

/** What somebody who is added to a private channel sees of what was said before. */
export type Past = "all" | "none"

/** Requests that are answered by `ref`. */
export type Request =
  | { type: "edit"; id: string; channel: string; body: string; mentions?: readonly string[] }
  | { type: "delete"; id: string; channel: string }
  | { type: "react"; id: string; channel: string; emoji: string; on: boolean }
  | { type: "history"; channel: string; before: number | null; limit: number; has?: readonly "file"[] }
  | { type: "history"; channel: string; after: number; limit: number }
  | { type: "history"; channel: string; around: number; limit: number }
  | {
      type: "search"
      query: string
      channel?: string
      author?: string
      before?: number
      after?: number
      has?: readonly ("link" | "file" | "image")[]
      cursor?: string
      limit: number
    }
  | { type: "channel.create"; name: string; topic?: string }
  | {
      type: "channel.create"
      name: string
      topic?: string
      kind: "private"
      members: readonly string[]
      history: Past
    }
  | { type: "direct.open"; members: readonly string[] }
  | { type: "channel.add"; id: string; members: readonly string[]; history: Past }
  | { type: "channel.remove"; id: string; member: string }
  | { type: "channel.leave"; id: string }
  | { type: "channel.keeper"; id: string; member: string; on: boolean }
  | { type: "lanes" }
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
  | { type: "invite.create"; digest: string; hours: number; uses: number | null; label?: string }
  | { type: "invite.create"; digest: string; kind: "device" }
  | { type: "invites" }
  | { type: "invite.revoke"; id: string }
  | { type: "hook.create"; name: string; channel: string; rights?: readonly string[] }
  | { type: "hooks" }
  | { type: "hook.rotate"; id: string }
  | { type: "hook.revoke"; id: string }
  | { type: "bot.create"; name: string; channels: readonly string[]; rights: readonly string[] }
  | { type: "bots" }
  | { type: "bot.rotate"; id: string }
  | { type: "bot.revoke"; id: string }
  | { type: "notify"; channel: string; level: Level }
  | { type: "push.test" }
  | { type: "file.tickets"; ids: readonly string[] }

export interface SendFrame {
  type: "send"
  id: string
  channel: string
  body: string
  reply_to?: string
  mentions?: readonly string[]
  files?: readonly FileInfo[]
}

export type ClientFrame =
  | { type: "hello"; last_seq: number | null; acks: false; lanes: Readonly<Record<string, number>> }
  | SendFrame
  | { type: "read"; channel: string; seq: number }
  | { type: "typing"; channel: string }
  | { type: "visible"; visible: boolean }
  | (Request & { ref: string })
