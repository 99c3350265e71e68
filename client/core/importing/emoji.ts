/** Emoji as the room takes them (src/text/emoji.py), by themselves and by the names that others have for them. */
import { emojisByName } from "../archive/emojisByName.ts"
import { emojiNamed } from "../archive/slackNames.ts"
import { MOST_EMOJI } from "./limits.ts"

const SELECTORS = /[\u034F\u180B-\u180F\uFE00-\uFE0F\u{E0100}-\u{E01EF}]/gu
/** Shown as text unless U+FE0F follows. */
const TEXT_STYLE = /(?![\p{Emoji_Presentation}\d#*])\p{Emoji}(?!\p{Emoji_Modifier})|[\d#*](?=\u20E3)/gu
const SYMBOL = /[\p{S}\p{P}]|\u20E3/u
/** No letter, space or sign that is not seen, but for what joins emoji. */
const NOT_IN_EMOJI = /(?!\u200D|\u20E3|\uFE0F|[\u{E0020}-\u{E007F}])[\p{Cc}\p{Cf}\p{M}\p{Z}\p{Cs}\p{L}\s]/u

/** The one that Unicode counts as a letter. */
const LETTER = "ℹ\uFE0F"

/** The fully-qualified form of an emoji or another symbol; null if it is none. */
export function emojiOf(text: string): string | null {
  if (text.length > MOST_EMOJI * 2) return null
  const bare = text.normalize("NFC").replace(SELECTORS, "")
  // Tags make a black flag that of a region, and nothing of anything else.
  const untagged = bare.startsWith("🏴") ? bare : bare.replace(/[\u{E0020}-\u{E007F}]/gu, "")
  const joined = untagged.replace(/^\u200D+|\u200D+$|\u200D+(?=\u200D)/gu, "")
  const emoji = joined.replace(TEXT_STYLE, "$&\uFE0F")
  const isOne = emoji === LETTER || (SYMBOL.test(emoji) && !NOT_IN_EMOJI.test(emoji) && /[^\0-\x7F]/.test(emoji))
  return isOne && [...emoji].length <= MOST_EMOJI ? emoji : null
}

/** What Slack and Mattermost call so: null for emoji that somebody made. */
export const emojiCalled = (name: string): string | null => emojiOf(emojiNamed(name, emojisByName) ?? name)

const NAMED = /:([a-z0-9_+'-]{1,60}(?:::skin-tone-[2-6])?):/g

/** A text with emoji for their names; what is no such name stays. */
export const withEmoji = (text: string): string =>
  text.replace(NAMED, (typed, name: string) => emojiCalled(name) ?? typed)
