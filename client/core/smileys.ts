/** Smileys, and the pictures that stand for them. */
const SMILEYS: Readonly<Record<string, string>> = {
  ":)": "🙂",
  ";)": "😉",
  ":(": "🙁",
  ":D": "😄",
  ":P": "😛",
  ":O": "😮",
  ":'(": "😢",
  "<3": "❤️",
}
const SMILEY = /(?<!\S)(?:[:;]-?[()DPO]|:'-?\(|<3)(?!\S)/gi

/** A message with pictures for its smileys. Where there is code, everything stays as it was typed. */
export function withSmileys(text: string): string {
  return text.includes("`") ? text : text.replace(SMILEY, (typed) => smiley(typed) ?? typed)
}

/** The picture of one smiley. */
export function smiley(typed: string): string | null {
  return SMILEYS[typed.replace("-", "").toUpperCase()] ?? null
}
