/** Hooks and bots as admins see them. Few people do, so this is not with the other shapes. */
import type { Chat } from "./chat.ts"
import { Refused } from "./requests.ts"
import { flag, list, number, object, orElse, orNull, type Shaped, text } from "./shape.ts"

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

/** Where a bot is called; `command` is the word behind a slash, null for mentions only. */
const webhook = object({ url: text, command: orNull(text) })
export type Webhook = Shaped<typeof webhook>
/**
 * A program that reads, answers and acts in its channels: an item of the frame `bots`. `failing`: its webhook was given up,
 * and nothing got through since.
 */
export const bot = object({
  ...program,
  channels: list(text),
  webhook: orNull(webhook),
  failing: orElse(flag, false),
})
export type Bot = Shaped<typeof bot>

/** How hooks and bots end, which is the same for both. */
export interface Ending {
  /** The refusal's code, or null when it has ended, by this or by somebody else. */
  revoke(id: string): Promise<string | null>
  /** Somebody else may have ended it meanwhile: then the list is not what it was. */
  reloadIfGone(code: string | null): Promise<string | null>
}

/** @param onEnded what is shown of it is nobody's any more. */
export function endingOf(
  kind: "hook" | "bot",
  chat: Pick<Chat, "ask">,
  load: () => Promise<void>,
  onEnded: (id: string) => void,
): Ending {
  return {
    revoke: async (id) => {
      const answer = await chat.ask({ type: `${kind}.revoke`, id })
      const code = answer instanceof Refused ? answer.code : null
      if (code !== null && code !== "not_found") return code
      onEnded(id)
      await load()
      return null
    },
    reloadIfGone: async (code) => {
      if (code === "not_found") await load()
      return code
    },
  }
}
