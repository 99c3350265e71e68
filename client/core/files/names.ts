/**
 * Names of files as they are shown and as they are saved: what somebody else wrote must mislead neither eyes nor a file
 * system.
 */

/** Controls, line ends and what is not seen, with the signs that put others in another order; not what joins an emoji. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Co}\p{Cs}]|(?!\u200C|\u200D|[\u{E0020}-\u{E007F}])\p{Cf}/gu
/** What separates folders, or what some system does not take in a name. */
const SEPARATING = /[/\\:*?"<>|]/g
/** Windows takes these for devices, with any ending. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(?=\.|$)/i
const MOST_CHARACTERS = 120
const ENDING = /\.[\p{L}\p{N}]{1,10}$/u

/** A name on the page: on one line, in the order in which it is written. Empty, if nothing of it can be seen. */
export function shownName(name: string): string {
  return name.replace(UNSEEN, "").replace(/\s+/g, " ").trim()
}

/**
 * A name on a disk: in the folder of downloads and nowhere else, not hidden, with its own ending.
 *
 * @param otherwise stands where nothing is left of the name.
 */
export function savedName(name: string, otherwise: string): string {
  const safe = shownName(name)
    .replace(SEPARATING, "_")
    .replace(/^[.\s]+|[.\s]+$/g, "")
    .replace(DEVICE, "_$1")
  if (safe === "") return otherwise
  const [stem, ending] = inTwo(safe)
  return [...stem].slice(0, MOST_CHARACTERS - ending.length).join("") + ending
}

/** A name in two pieces, of which the second must stay in sight: what kind of file it is. */
export function inTwo(name: string): readonly [stem: string, ending: string] {
  const ending = ENDING.exec(name)?.[0] ?? ""
  return [name.slice(0, name.length - ending.length), ending]
}
