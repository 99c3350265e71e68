/** What Slack's exports call things by: ids of capitals and digits, names that are folders, times that are ids. */

/** The list of each kind of channel. */
export const LISTS = { open: "channels.json", private: "groups.json", direct: "dms.json", group: "mpims.json" } as const
export type Listed = keyof typeof LISTS
export const USERS = "users.json"

/** Where Mattermost looks for a file, and what reads a name of this form. */
export const uploadName = (id: string, name: string) => `__uploads/${id}/${name}`
export const UPLOAD = /^__uploads\/([^/]+)\/[^/]+$/

/** The part of a day: the second one of the same day ends in `-2`. */
export const dayName = (folder: string, day: string, part: number) =>
  `${folder}/${day}${part === 1 ? "" : `-${part}`}.json`
export const DAY = /^(.+)\/(\d{4}-\d\d-\d\d)(?:-(\d+))?\.json$/

/** `U`, `C`, `G`, `D` or `B`, and what is left of an id of ours. */
export const slackId = (kind: string, id: string) => kind + id.replace(/[^a-zA-Z0-9]/g, "").toUpperCase()

const MOST_CHARACTERS = 70

/** Gives out names that are all different, of letters, digits, `-` and `_`, in small letters. */
export function createSlugs(letters: RegExp) {
  const taken = new Set<string>()
  return (name: string, otherwise: string): string => {
    const plain = name
      .normalize("NFKC")
      .toLowerCase()
      .replace(letters, "-")
      .replace(/-+/g, "-")
      .replace(/^[-_.]+|[-_.]+$/g, "")
    const stem = [...plain].slice(0, MOST_CHARACTERS).join("") || otherwise
    let slug = stem
    for (let count = 2; taken.has(slug); count++) slug = `${stem}-${count}`
    taken.add(slug)
    return slug
  }
}

/** A channel's name may have letters of any script, a member's only those of mail addresses. */
export const NOT_IN_CHANNELS = /[^\p{L}\p{N}\p{M}_-]+/gu
export const NOT_IN_USERNAMES = /[^a-z0-9._-]+/g

/** Gives times as Slack does: seconds, with six digits that make each of a channel's messages another. */
export function createTimes() {
  const used = new Set<number>()
  return (at: number): string => {
    let micros = at * 1_000
    while (used.has(micros)) micros += 1
    used.add(micros)
    return slackTime(micros)
  }
}

/** @param micros microseconds since 1970 */
export const slackTime = (micros: number) =>
  `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, "0")}`

/** What `slackTime` was made from; null if it is no such time. */
export function microsOf(ts: string): number | null {
  const [, seconds, rest = ""] = /^(\d{1,10})(?:\.(\d{1,6}))?$/.exec(ts) ?? []
  return seconds === undefined ? null : Number(seconds) * 1_000_000 + Number(rest.padEnd(6, "0"))
}

/** `2026-11-29`, UTC */
export const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10)

const FIRST_TONE = 0x1f3fb
/** Slack counts tones as emoji's inventors did, from 2. */
const TONE_MARK = "::skin-tone-"
const TONE = /-(1F3F[B-F])(?=-|$)/

/**
 * The name of an emoji: `+1::skin-tone-3`.
 *
 * @param names the names of Slack's set by code points, such as `1F44D`.
 */
export function emojiName(emoji: string, names: Readonly<Record<string, string>>): string {
  const code = [...emoji]
    .map((sign) => (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0"))
    .join("-")
  const tone = TONE.exec(code)?.[1]
  const bare = code.replace(TONE, "")
  const found = [bare, bare.replaceAll("-FE0F", ""), `${bare}-FE0F`]
    .map((key) => names[key])
    .find((name) => name !== undefined)
  if (found === undefined) return emoji
  return tone === undefined ? found : `${found}${TONE_MARK}${Number.parseInt(tone, 16) - FIRST_TONE + 2}`
}

/**
 * The emoji of such a name; null if it is none of Unicode's.
 *
 * @param emojis by name (emojisByName.ts).
 */
export function emojiNamed(name: string, emojis: ReadonlyMap<string, string>): string | null {
  const [stem = "", tone] = name.split(TONE_MARK)
  const bare = emojis.get(stem)
  if (bare === undefined) return null
  if (tone === undefined) return bare
  const [first = "", ...others] = bare
  // A tone takes the place of the sign that asks for a picture.
  const rest = others[0] === "\uFE0F" ? others.slice(1) : others
  return /^[2-6]$/.test(tone) ? [first, String.fromCodePoint(FIRST_TONE + Number(tone) - 2), ...rest].join("") : null
}
