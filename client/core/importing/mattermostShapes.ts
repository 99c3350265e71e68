/** What we read of the lines of Mattermost's bulk export; they have more, and leave out what is empty. */
import { list, number, object, orElse, type Shape, type Shaped, text } from "../shape.ts"

const some = <T>(shape: Shape<T>) => orElse(list(shape), [])

const reaction = object({ user: text, emoji_name: text })
const attachment = object({ path: text })

/** A webhook's name. `props` may be anything; of what does not fit we take nothing. */
const props: Shape<{ readonly override_username: string }> = (value, path) => {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value)
  return isObject ? object({ override_username: orElse(text, "") })(value, path) : { override_username: "" }
}

const said = {
  user: text,
  type: orElse(text, ""),
  message: orElse(text, ""),
  props,
  create_at: number,
  edit_at: orElse(number, 0),
  delete_at: orElse(number, 0),
  reactions: some(reaction),
  attachments: some(attachment),
}
const reply = object(said)
export type Reply = Shaped<typeof reply>

/** Answers are checked one by one, so that a broken one costs no other. */
const anything: Shape<unknown> = (value) => value
const withReplies = { ...said, replies: some(anything) }

export const post = object({ ...withReplies, team: orElse(text, ""), channel: text })
export const directPost = object({ ...withReplies, channel_members: list(text) })
export const replyShape = reply

export const team = object({ name: text, display_name: orElse(text, "") })
export const channel = object({
  team: orElse(text, ""),
  name: text,
  display_name: orElse(text, ""),
  type: orElse(text, "O"),
  header: orElse(text, ""),
  purpose: orElse(text, ""),
  deleted_at: orElse(number, 0),
})
export const user = object({
  username: text,
  nickname: orElse(text, ""),
  first_name: orElse(text, ""),
  last_name: orElse(text, ""),
})
export const bot = object({ username: text, display_name: orElse(text, "") })
export const directChannel = object({
  members: orElse(list(text), []),
  participants: some(object({ username: text })),
  header: orElse(text, ""),
})

/** A line; what belongs to its type stands under the name of the type. */
export const line = object({ type: text })
export const TYPES = ["version", "team", "channel", "user", "bot", "post", "direct_channel", "direct_post"] as const
export type LineType = (typeof TYPES)[number]
export const isKnown = (type: string): type is LineType => TYPES.some((known) => known === type)
