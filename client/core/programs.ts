/** Hooks and bots as admins see them. Few people do, so this is not with the other shapes. */
import { list, number, object, orNull, type Shaped, text } from "./shape.ts"

/** `used_at`, `failed_at`: null for never; `failure`: the code of the last refusal. */
const program = {
  id: text,
  name: text,
  rights: list(text),
  created_by: text,
  created_at: number,
  used_at: orNull(number),
  failed_at: orNull(number),
  failure: orNull(text),
}

/** An address that programs post to: an item of the frame `hooks`. */
export const hook = object({ ...program, channel: text })
export type Hook = Shaped<typeof hook>

/** A program that reads, answers and acts in its channels: an item of the frame `bots`. */
export const bot = object({ ...program, channels: list(text) })
export type Bot = Shaped<typeof bot>
