/**
 * From what the server pushes (docs/protocol.md, "Notifications") to what is shown. Nothing here shows or waits.
 *
 * Whatever arrives becomes a notification: browsers take the permission away from a site that stays silent.
 */

import { MAIN_ROOM } from "../core/contract.ts"
import { number, object, orElse, orNull, text } from "../core/shape.ts"
import { inOrder } from "../core/visible.ts"
import type { Language } from "../i18n/translate.ts"
import { TEXTS } from "./texts.ts"

const news = object({
  type: orElse(text, ""),
  reason: orElse(text, ""),
  room: orElse(text, MAIN_ROOM),
  title: orElse(text, "Durable Chat"),
  channel: orNull(text),
  /** Missing in a direct conversation, which is called by the sender. */
  channel_name: orElse(text, ""),
  seq: orNull(number),
  sender: orNull(text),
  text: orElse(text, ""),
  files: orElse(number, 0),
  pictures: orElse(number, 0),
  count: orElse(number, 1),
  unread: orNull(number),
  tag: orElse(text, ""),
})
export type News = ReturnType<typeof news>

/** What was pushed; where it is damaged, nothing but that there is something. */
export function readNews(pushed: string): News {
  try {
    return news(JSON.parse(pushed), "push")
  } catch {
    return news({}, "push")
  }
}

export function titleOf(told: News, language: Language): string {
  const { sender, title, reason, channel_name } = told
  if (sender === null || channel_name === "") return sender ?? title
  const form = TEXTS[language][reason === "mention" ? "mention" : "message"]
  return fill(form, { sender, channel: channel_name })
}

export function bodyOf(told: News, language: Language): string {
  const words = TEXTS[language]
  if (told.type === "test") return words.test
  if (told.sender === null) return told.count > 1 ? fill(words.several, told) : words.one
  const said = inOrder(told.text) || filesOf(told, language)
  return told.count > 1 ? `${said}\n${fill(words.more, { count: told.count - 1 })}` : said
}

/** "2 pictures" for a message without a text; "" without files. There are ten at most, so Russian needs no third form. */
function filesOf({ files, pictures }: News, language: Language): string {
  if (files === 0) return ""
  const [one, few, many] = TEXTS[language][pictures === files ? "pictures" : "files"]
  return files === 1 ? one : `${files} ${files < 5 ? few : many}`
}

function fill(form: string, values: Readonly<Record<string, unknown>>): string {
  return form.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]))
}
