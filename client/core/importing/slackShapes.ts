/** What we read of Slack's records. Its exports have more, and leave out or empty what they please: null is as good as nothing. */
import { fieldsOf, flag, list, number, object, orElse, orNull, type Shape, type Shaped, text } from "../shape.ts"

const some = <T>(shape: Shape<T>) => orElse(list(shape), [])
/** Times are texts, and have been numbers. */
const time: Shape<string> = (value, path) => text(typeof value === "number" ? String(value) : value, path)
/** An object or nothing; false, which Slack writes as well. */
const maybe =
  <T>(shape: Shape<T>): Shape<T | null> =>
  (value, path) =>
    value === false ? null : orNull(shape)(value, path)
/** Slack writes 1 and true. */
const isSet: Shape<boolean> = (value) => value !== undefined && value !== null && value !== false && value !== 0

const profile = object({ real_name: orElse(text, ""), display_name: orElse(text, "") })

export const slackUser = object({
  id: text,
  name: orElse(text, ""),
  real_name: orElse(text, ""),
  profile: maybe(profile),
})
export type SlackUser = Shaped<typeof slackUser>

const note = maybe(object({ value: orElse(text, "") }))

export const slackChannel = object({
  id: text,
  name: orElse(text, ""),
  is_archived: orElse(flag, false),
  members: some(text),
  topic: note,
  purpose: note,
})

export const slackFile = object({
  id: orElse(text, ""),
  mode: orElse(text, ""),
  is_external: orElse(flag, false),
  name: orElse(text, ""),
  title: orElse(text, ""),
  mimetype: orElse(text, ""),
  original_w: orNull(number),
  original_h: orNull(number),
  duration_ms: orNull(number),
  alt_txt: orElse(text, ""),
})
export type SlackFile = Shaped<typeof slackFile>

/** What programs say beside the text of their message. */
const attachment = object({
  pretext: orElse(text, ""),
  title: orElse(text, ""),
  title_link: orElse(text, ""),
  text: orElse(text, ""),
  fallback: orElse(text, ""),
})
export type SlackAttachment = Shaped<typeof attachment>

export const slackMessage = object({
  type: orElse(text, "message"),
  subtype: orElse(text, ""),
  ts: time,
  thread_ts: orNull(time),
  user: orNull(text),
  bot_id: orNull(text),
  username: orElse(text, ""),
  user_profile: maybe(profile),
  bot_profile: maybe(object({ name: orElse(text, "") })),
  text: orElse(text, ""),
  edited: maybe(object({ ts: orNull(time) })),
  reactions: some(object({ name: text, users: some(text) })),
  files: some(maybe(slackFile)),
  file: maybe(slackFile),
  attachments: some(attachment),
  is_hidden_by_limit: isSet,
  hidden_by_limit: isSet,
})
export type SlackMessage = Shaped<typeof slackMessage>

/** What a broken record calls itself, for the report. */
export const nameIn = (value: unknown): string => {
  try {
    const { ts, id } = fieldsOf(value, "record")
    return typeof ts === "string" ? ts : typeof id === "string" ? id : ""
  } catch {
    return ""
  }
}
