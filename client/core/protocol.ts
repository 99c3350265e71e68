/**
 * The wire contract (docs/protocol.md) as types, and the one parser that makes them out of what arrives.
 *
 * Names are those of the wire. What is not known to this version is dropped, what is known but damaged throws.
 */

import { limits, role } from "./answers.ts"
import { KINDS, LEVELS } from "./contract.ts"
import type { FileInfo } from "./files/types.ts"
import type { PollRequest } from "./polls.ts"
import type { Hours } from "./quiet.ts"
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

const texts = orElse(list(text), [])
export const anything: Shape<unknown> = (value) => value

const status = object({ emoji: text, text: orElse(text, ""), until: orNull(number) })
/** What somebody says of themselves; from `until` on it is not shown. */
export type Status = Shaped<typeof status>

/** How the room looks; "" for what nobody has set. */
export const look = object({
  title: orElse(text, ""),
  name: orElse(text, ""),
  colour: orElse(text, ""),
  picture: orElse(text, ""),
  /** Whether an admin has said how long messages are kept. */
  keeps: orElse(flag, false),
})
export type Look = Shaped<typeof look>

/** One who is gone has a role only if it was a bot. */
export interface Member {
  readonly id: string
  readonly name: string
  readonly role: Shaped<typeof role>
  readonly online: boolean
  readonly secured: boolean
  readonly hue: number
  /** The id of their picture; "" for none. */
  readonly picture?: string
  readonly status?: Status | null
  /** Of a bot: who has made it, the word that calls it, in which open channels it is, and what it may do there. */
  readonly created_by?: string
  readonly command?: string
  readonly channels?: readonly string[]
  readonly rights?: readonly string[]
}
export const member: Shape<Member> = object({
  id: text,
  name: text,
  role: orElse(role, "member"),
  hue: orElse(number, 0),
  picture: orElse(text, ""),
  status: orNull(status),
  online: orElse(flag, false),
  secured: orElse(flag, false),
  created_by: orElse(text, ""),
  command: orElse(text, ""),
  channels: texts,
  rights: texts,
})

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
  starred: orElse(flag, false),
  /** Others than open ones are lanes: they count a `seq` of their own, and only their members know of them. */
  kind: orElse(oneOf(...KINDS), "open"),
  /** Of a lane: who is in it, and who may change that. */
  members: texts,
  keepers: texts,
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
  mentions: texts,
  reactions: orElse(dictionary(list(text)), {}),
  files: orElse(list(file), []),
  /** What it asks, if it is a poll: polls.ts. */
  poll: orElse<ReturnType<typeof fieldsOf> | undefined>(fieldsOf, undefined),
  /** Of a bot's: the name and the emoji of whoever it speaks for. */
  shown_as: orElse(dictionary(text), {}),
  /** It was said elsewhere and brought here then: nobody has it to read. */
  imported_at: optionalNumber,
  imported_by: optionalText,
})
const replies = object({ count: number, at: orNull(number), as_of: number })
/** How many answer a message, when the newest of them was sent (null: not known), and up to which `seq` that is so. */
export type Replies = Shaped<typeof replies>
/** Nothing, if nobody has answered. */
type Answered = { readonly replies?: Replies }

const deleted = object({ seq: number, id: text, channel: text, deleted_at: number })
const unreadable = object({ seq: number, id: text, channel: text, author: text, sent_at: number })

export type Said = Omit<Shaped<typeof said>, "poll" | "imported_at" | "imported_by"> &
  Answered & {
    readonly state: "said"
    readonly poll?: Readonly<Record<string, unknown>> | undefined
    readonly imported_at?: number | undefined
    readonly imported_by?: string | undefined
    /** As the room has it, if something was changed here that may not have arrived there (timeline.ts). */
    readonly stored?: Said | undefined
  }
export type Deleted = Shaped<typeof deleted> &
  Answered & {
    readonly state: "deleted"
    /** What a page that had the message still knows: so that no row moves when it goes. */
    readonly former?: { readonly author: string; readonly sent_at: number }
  }
export type Unreadable = Shaped<typeof unreadable> & Answered & { readonly state: "unreadable" }
/** One place in a channel's history. */
export type Message = Said | Deleted | Unreadable

export const message: Shape<Message> = (value, path) => {
  const given = fieldsOf(value, path)
  const answered = given["replies"] ? { replies: replies(given["replies"], `${path}.replies`) } : {}
  if (typeof given["deleted_at"] === "number") return { state: "deleted", ...deleted(value, path), ...answered }
  if (given["unreadable"] === true) return { state: "unreadable", ...unreadable(value, path), ...answered }
  return { state: "said", ...said(value, path), ...answered }
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
    mentions: texts,
  }),
  /** `unpinned`: the `seq` of the message, if it was pinned; `reply_seq`: that of what it answered, if it was counted there. */
  delete: object({
    seq: number,
    id: text,
    channel: text,
    by: text,
    at: number,
    unpinned: orElse(number, 0),
    reply_seq: orElse(number, 0),
  }),
  reaction: object({ seq: number, id: text, channel: text, emoji: text, by: text, on: flag }),
  vote: object({ seq: number, id: text, channel: text, by: text, options: list(number) }),
  poll_closed: object({ seq: number, id: text, channel: text, by: text, at: number }),
  pin: object({ seq: number, id: text, channel: text, message_seq: number, by: text, on: flag }),
  channel: object({ seq: number, channel }),
  channel_deleted: object({ seq: number, channel: text }),
  /** Others are in a lane. */
  members: object({
    seq: number,
    channel: text,
    added: texts,
    removed: texts,
    by: text,
  }),
  member: object({
    seq: number,
    member,
    reason: orNull(text),
    invited_by: orNull(text),
  }),
  member_removed: object({ seq: number, member: text, by: orElse(text, "") }),
  former: object({ seq: number, members: list(member) }),
  room: object({ seq: number, retention_days: orNull(number), room: orNull(look) }),
  purge: object({ seq: number, channel: text, up_to_seq: number }),
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

/** What a new hook or bot is told, and one with a new secret: once. */
const made = object({ ref: orNull(text), id: text, token: orElse(text, ""), signing_secret: orNull(text) })

/** A message that a search found. `match`: start and length of each place, in code points of its body. */
const hit = (value: unknown, path: string) => ({
  message: message(value, path),
  match: list(list(number))(fieldsOf(value, path)["match"], `${path}.match`),
})

const scheduled = object({ waiting: number, failed: number })

/** Every frame that the server sends, without `type`: the parser and the types follow from this table. */
export const FRAMES = {
  welcome: object({
    member,
    seq: number,
    resumed: flag,
    channels: list(channel),
    members: list(member),
    former_members: orElse(list(member), []),
    retention_days: orNull(number),
    room: orNull(look),
    /** What open channels had up to here was there when the member came. */
    joined_seq: orElse(number, 0),
    invites: orElse(flag, false),
    activity: orElse(object({ unseen: number }), { unseen: 0 }),
    session: object({ id: text }),
    limits,
    /** Null: a server that knows no lanes. */
    lanes_resumed: orNull(list(text)),
    /** Admins may read everything. */
    scheduled: orElse(scheduled, { waiting: 0, failed: 0 }),
    supervision: orElse(flag, false),
    /** Who may begin a direct conversation with whom. */
    direct_messages: orElse(text, "everyone"),
    /** Where people meet to talk; `{call}` in it stands for what each call has of its own. */
    call_url: orNull(text),
    quiet: orNull(fieldsOf),
  }),
  /** Of a lane, or of the room. */
  events: object({ lane: orNull(text), events: list(event) }),
  /** The member is in a lane now, or it has become another one. */
  lane: object({ channel }),
  "lane.gone": object({ channel: text }),
  presence: object({ online: texts, offline: texts }),
  typing: object({ channel: text, member: text }),
  /** `back`: marked unread by hand. */
  read: object({
    channel: text,
    seq: number,
    unread: orElse(number, 0),
    mentions: orElse(number, 0),
    back: orElse(flag, false),
  }),
  notify: object({ channel: text, level: orNull(level) }),
  star: object({ channel: text, on: flag }),
  /** What it is: quiet.ts. */
  quiet: object({ quiet: orNull(fieldsOf) }),
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
    /** The channel's pinned messages by `seq`, newest pin first: of a page that shows the end, or what is around a message. */
    pinned: orElse(list(number), []),
    /** The first message from the time on that was asked for; null: all are older. */
    at: orNull(number),
  }),
  /** What a message said before; each of them: kept.ts. */
  former: object({ ref: orNull(text), texts: list(fieldsOf) }),
  /** What each of them is: kept.ts. */
  pins: object({ ref: orNull(text), messages: list(fieldsOf), more: flag }),
  /** A message and the replies to it, oldest first. */
  thread: object({ ref: orNull(text), first: message, messages: list(message), more: flag }),
  /** On another device of the member. */
  save: object({ channel: text, seq: number, on: flag }),
  saved: object({
    ref: orNull(text),
    messages: list(fieldsOf),
    more: flag,
    /** Channel and `seq` of all. */ places: orElse(list(list(anything)), []),
  }),
  /** What each of them is: kept.ts. */
  activity: object({ ref: orNull(text), messages: list(fieldsOf), next: orNull(number) }),
  /** What each of them is: scheduling.ts. */
  scheduled: object({ ref: orNull(text), messages: list(fieldsOf) }),
  "schedule.changed": scheduled,
  /** What another device of the member has begun in a channel; empty: nothing any more. */
  draft: object({ channel: text, body: text }),
  /** What each of them is: drafts.ts. */
  drafts: object({ ref: orNull(text), drafts: list(fieldsOf) }),
  "activity.new": object({}),
  "activity.seen": object({ unseen: number }),
  found: object({
    ref: text,
    messages: list(hit),
    similar: orElse(list(hit), []),
    cursor: orNull(text),
    back_to: number,
    complete: flag,
  }),
  tickets: object({ ref: text, tickets: dictionary(text), expires_at: number }),
  /** Who each of them is: bans.ts. */
  bans: object({ ref: orNull(text), bans: list(fieldsOf) }),
  /** What each of them is, and the rest of an overview: administration.ts. */
  audit: object({ ref: orNull(text), acts: list(fieldsOf), more: flag }),
  overview: object({ ref: orNull(text), members: list(fieldsOf), more: flag, counts: anything, storage: anything }),
  /** Which days: person.ts; who came and went: comings.ts. */
  person: object({ ref: orNull(text), days: anything, made_admin: orNull(flag) }),
  comings: object({ ref: orNull(text), comings: list(fieldsOf), more: flag }),
  invite: object({ ref: orNull(text), id: text, expires_at: number }),
  /** What each of them is: openInvites.ts. */
  invites: object({ ref: orNull(text), invites: list(fieldsOf) }),
  hook: made,
  bot: made,
  /** `webhook_hosts`: where their webhooks may be; "*" is anywhere, an empty list nowhere. */
  bots: object({ ref: orNull(text), bots: list(fieldsOf), webhook_hosts: texts }),
  /** What each of them is: programs.ts, which only admins need. */
  hooks: object({ ref: orNull(text), hooks: list(fieldsOf) }),
  /** What each of them is: privateChannels.ts. */
  lanes: object({ ref: orNull(text), lanes: list(fieldsOf) }),
  imported: object({ ref: orNull(text), counts: fieldsOf }),
  ok: object({ ref: orNull(text) }),
  error: object({ ref: orNull(text), code: text, detail: orElse(text, ""), retry_after: orNull(number) }),
}
type Frames = typeof FRAMES

export type ServerFrame = { [K in keyof Frames]: { readonly type: K } & Shaped<Frames[K]> }[keyof Frames]
export type Welcome = Shaped<Frames["welcome"]>
export type Page = Shaped<Frames["history"]>
export type Found = Shaped<Frames["found"]>
export type Refusal = Shaped<Frames["error"]>
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
  | PollRequest
  | { type: "pin"; id: string; channel: string; on: boolean }
  | { type: "former"; id: string; channel: string }
  | { type: "person"; id: string }
  | { type: "comings"; before?: number }
  | { type: "pins"; channel: string; before?: number }
  | { type: "thread"; channel: string; seq: number; after?: number }
  | { type: "save"; id: string; channel: string; on: boolean }
  | { type: "saved"; before?: number }
  | {
      type: "schedule"
      id: string
      channel: string
      body: string
      at: number
      reply_to?: string
      mentions: readonly string[]
    }
  | { type: "schedule.update"; id: string; body: string; at: number; mentions: readonly string[] }
  | { type: "schedule.send"; id: string }
  | { type: "schedule.delete"; id: string }
  | { type: "scheduled" }
  | { type: "draft"; channel: string; body: string }
  | { type: "drafts" }
  | { type: "activity"; before?: number }
  | { type: "activity.seen"; at: number }
  | { type: "history"; channel: string; before: number | null; limit: number; has?: readonly "file"[] }
  | { type: "history"; channel: string; after: number; limit: number }
  | { type: "history"; channel: string; around: number; limit: number }
  | { type: "history"; channel: string; at: number; limit: number }
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
  | { type: "member.role"; id: string; role: "admin" | "member" }
  | { type: "bans" }
  | { type: "ban.lift"; id: string }
  | { type: "audit"; before?: number }
  | { type: "overview"; after_member?: string }
  | { type: "room.update"; retention_days: number | null }
  | { type: "room.update"; name?: string | null; colour?: string | null; picture?: string | null }
  | { type: "profile.update"; name?: string; status?: Partial<Status> | null; picture?: string | null }
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
  | {
      type: "bot.create"
      name: string
      channels: readonly string[]
      rights: readonly string[]
      webhook?: WebhookFields | null
    }
  | { type: "bots" }
  | { type: "bot.rotate"; id: string }
  | { type: "bot.revoke"; id: string }
  | { type: "bot.webhook"; id: string; webhook: WebhookFields | null }
  | { type: "bot.test"; id: string }
  | { type: "notify"; channel: string; level: Level }
  | { type: "unread"; channel: string; seq: number }
  | { type: "star"; channel: string; on: boolean }
  | { type: "quiet"; minutes: number }
  | { type: "quiet"; hours: Hours | null }
  | { type: "push.test" }
  | { type: "file.tickets"; ids: readonly string[] }
  | {
      type: "import"
      channel: string
      messages: readonly Bringing[]
      people?: readonly { readonly id: string; readonly name: string }[]
    }

/** A message from elsewhere; one that was deleted there has only `id`, `deleted_at` and, where something tells it, `sent_at`. */
export interface Bringing {
  readonly id: string
  readonly deleted_at?: number
  readonly author?: string
  readonly sent_at?: number
  readonly edited_at?: number
  readonly body?: string
  readonly reply_to?: string
  readonly mentions?: readonly string[]
  readonly reactions?: Readonly<Record<string, readonly string[]>>
  readonly files?: readonly FileInfo[]
  readonly shown_as?: Readonly<Record<string, string>>
}

interface WebhookFields {
  url: string
  command?: string | null
}

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
