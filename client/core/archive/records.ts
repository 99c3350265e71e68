/**
 * The records of `durable-chat-export-1` (docs/export.md): what stands in a line of each of its parts, and its manifest.
 *
 * The shapes read what somebody else may have written, and give their keys in the order in which we write them. So a record
 * that goes through its shape is a line of the export, byte for byte, whoever made it.
 */
import { poll, pollOf } from "../polls.ts"
import type { Channel, Message } from "../protocol.ts"
import { dictionary, flag, list, number, object, oneOf, orNull, type Shape, type Shaped, text } from "../shape.ts"

export const FORMAT = "durable-chat-export-1"
export const PARTS = {
  members: "members.jsonl",
  channels: "channels.jsonl",
  readme: "README.txt",
  page: "archive.html",
  manifest: "manifest.json",
} as const
export const messagesOf = (channel: string) => `messages/${channel}.jsonl`
export const fileOf = (id: string) => `files/${id}`

/** Left out of a line where there is nothing to say. */
function maybe<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value, path) => (value === undefined || value === null ? undefined : shape(value, path))
}

export const memberRecord = object({
  id: text,
  name: text,
  /** `member`, `admin` or `bot`; null: a former member, of whom the room tells nothing else. */
  role: orNull(text),
  former: flag,
})
export type MemberRecord = Shaped<typeof memberRecord>

export const channelRecord = object({
  id: text,
  name: text,
  topic: text,
  kind: oneOf("open", "private", "direct"),
  archived: flag,
  created_by: orNull(text),
  /** After how many days its messages are deleted; null follows the room, 0 keeps them. */
  retention_days: orNull(number),
  members: list(text),
  keepers: list(text),
})
export type ChannelRecord = Shaped<typeof channelRecord>

export const fileRecord = object({
  id: text,
  name: text,
  type: text,
  size: number,
  width: maybe(number),
  height: maybe(number),
  duration: maybe(number),
  hash: maybe(text),
  alt: maybe(text),
})
export type FileRecord = Shaped<typeof fileRecord>

export const messageRecord = object({
  id: text,
  seq: number,
  /** Null, as the time and the text, of a deleted message: the room keeps no more of it. */
  author: orNull(text),
  sent_at: orNull(number),
  edited_at: orNull(number),
  deleted_at: orNull(number),
  body: orNull(text),
  reply_to: orNull(text),
  mentions: list(text),
  reactions: dictionary(list(text)),
  files: list(fileRecord),
  /** The name and the emoji under which a bot's message is shown. */
  shown_as: maybe(dictionary(text)),
  /** What it asks, and what each member has chosen. */
  poll: maybe(poll),
  /** Its stored bytes were damaged: there is no text. */
  unreadable: maybe(flag),
  /** When it was brought here from elsewhere. */
  imported_at: maybe(number),
})
export type MessageRecord = Shaped<typeof messageRecord>

const counts = object({
  members: number,
  channels: number,
  messages: number,
  deleted: number,
  files: number,
  file_bytes: number,
})

export const manifest = object({
  format: oneOf(FORMAT),
  room: text,
  title: text,
  address: text,
  exported_at: number,
  exported_by: object({ id: text, name: text }),
  /** `open`: all open channels; `seen`: all channels that whoever exported sees. */
  scope: oneOf("open", "seen"),
  files: oneOf("included", "left_out"),
  language: text,
  retention_days: orNull(number),
  counts,
  channels: list(
    object({
      id: text,
      messages: number,
      deleted: number,
      first_at: orNull(number),
      last_at: orNull(number),
      /** Older messages were gone when the export was made; null: nothing is deleted by its age. */
      kept_days: orNull(number),
      /** The member does not see what was said before: a part of the channel is missing. */
      begins_late: flag,
    }),
  ),
  /** Files that messages name and the export does not have. */
  missing_files: list(object({ id: text, reason: oneOf("gone", "damaged", "unreachable") })),
  /** All others, in their order, each with its length and the hexadecimal SHA-256 of its bytes. */
  parts: list(object({ name: text, bytes: number, sha256: text })),
})
export type Manifest = Shaped<typeof manifest>

/** A line of a part. */
export const lineOf = (record: object) => `${JSON.stringify(record)}\n`

/** What the page calls a conversation is its own: the record has no name for one. */
export const channelFrom = (channel: Channel): ChannelRecord =>
  channelRecord({ ...channel, name: ownName(channel) }, "channel")

export const ownName = ({ kind, name }: Pick<Channel, "kind" | "name">) => (kind === "direct" ? "" : name)

/** @throws Misshapen never: each kind of message has what its record needs. */
export function messageFrom(message: Message): MessageRecord {
  const nothing = { reply_to: null, mentions: [], reactions: {}, files: [], edited_at: null, deleted_at: null }
  switch (message.state) {
    case "deleted":
      return messageRecord({ ...nothing, ...message, author: null, sent_at: null, body: null }, "message")
    case "unreadable":
      return messageRecord({ ...nothing, ...message, body: null, unreadable: true }, "message")
    case "said": {
      const { shown_as, ...said } = message
      const isBare = Object.keys(shown_as).length === 0
      return messageRecord({ ...nothing, ...said, poll: pollOf(said), ...(isBare ? {} : { shown_as }) }, "message")
    }
  }
}
