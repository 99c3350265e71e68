/** Messages of nothing but emoji, which are shown large. */

// An emoji as people see it: with its skin, as a family, a key, a flag. "1", "#" and "©" are signs of a text.
const PICTURE = String.raw`(?!\p{Regional_Indicator})(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}(?=\uFE0F|\p{Emoji_Modifier}))`
const PART = String.raw`\uFE0F?\p{Emoji_Modifier}?`
const EMOJI = [
  String.raw`\p{Regional_Indicator}{2}`,
  String.raw`[0-9#*]\uFE0F?\u20E3`,
  String.raw`${PICTURE}${PART}(?:\u200D\p{Extended_Pictographic}${PART})*[\u{E0020}-\u{E007F}]*`,
].join("|")
const ONLY = new RegExp(`^\\s*(?:(?:${EMOJI})\\s*){1,12}$`, "u")

export function isEmojiOnly(text: string): boolean {
  return ONLY.test(text)
}
