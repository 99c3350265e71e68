/** The emoji of a language, downloaded once when they are first needed. */
import english from "url:emoji/en"
import russian from "url:emoji/ru"
import { list, object, type Shape, type Shaped, text } from "../../core/shape.ts"
import type { Language } from "../../i18n/translate.ts"
import { type File, file } from "../kit/part.ts"

export interface Emoji {
  readonly emoji: string
  readonly label: string
  /** Lower case: the label, words to search for, `:shortcodes:`. */
  readonly words: string
}

const triple: Shape<Emoji> = (value, path) => {
  const [emoji = "", label = "", words = ""] = list(text)(value, path)
  return { emoji, label, words: `${label} ${words}`.toLowerCase() }
}
const data = object({ groups: list(object({ name: text, emojis: list(triple) })) })
export type EmojiGroup = Shaped<typeof data>["groups"][number]

const addresses = { en: english, ru: russian }
const files = new Map<Language, File<readonly EmojiGroup[]>>()

export function emojiIn(language: Language): File<readonly EmojiGroup[]> {
  const known = files.get(language) ?? file(() => download(addresses[language]))
  files.set(language, known)
  return known
}

async function download(address: string): Promise<readonly EmojiGroup[]> {
  const response = await fetch(address)
  const value: unknown = await response.json()
  return data(value, "emoji").groups
}

/** Those whose shortcode or name begins with the query first, then those that contain it. */
export function searchEmoji(groups: readonly EmojiGroup[], query: string, limit: number): readonly Emoji[] {
  const wanted = query.toLowerCase()
  const all = groups.flatMap(({ emojis }) => emojis)
  const starts = all.filter(({ words }) => words.startsWith(wanted) || words.includes(`:${wanted}`))
  const contains = all.filter(({ words }) => words.includes(wanted))
  return [...new Set([...starts, ...contains])].slice(0, limit)
}

/** The emoji of a shortcode such as `:tada:`. */
export function findEmoji(groups: readonly EmojiGroup[], code: string): string | null {
  const wanted = code.toLowerCase()
  for (const { emojis } of groups) {
    for (const { emoji, words } of emojis) if (` ${words} `.includes(` ${wanted} `)) return emoji
  }
  return null
}
