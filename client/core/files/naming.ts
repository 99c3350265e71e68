/** The name under which a file is sent: what the room takes as one line (src/text/names.py), whatever it is called on a disk. */

const MOST_CHARACTERS = 255
const MOST_MARKS = 3
/** Controls, line ends, and signs that put others in another order: with them `exe` can be read as something else. */
const MISLEADING = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu
const MARKS = new RegExp(`(\\p{M}{${MOST_MARKS}})\\p{M}+`, "gu")
const ENDING = /\.[^.\s]{1,16}$/u
const FALLBACK = "file"

export function sentName(name: string): string {
  const line = name
    .normalize("NFC")
    // Some browsers give the folders as well.
    .replace(/^.*[/\\]/s, "")
    .replace(MISLEADING, "")
    .replace(MARKS, "$1")
    .replace(/(^|\s)\p{M}+/gu, "$1")
    .trim()
  const ending = ENDING.exec(line)?.[0] ?? ""
  const stem = line.slice(0, line.length - ending.length)
  const short = [...stem].slice(0, MOST_CHARACTERS - ending.length).join("") + ending
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(short) ? short : FALLBACK
}

/** The same name with the ending of what the file has become. */
export function withEnding(name: string, ending: string): string {
  return name.replace(ENDING, "") + ending
}
