/** The words of an export, which come with the interface (i18n/): core names them and does not have them. */

export const ARCHIVE_WORDS = [
  "archive.title",
  "archive.channels",
  "archive.open",
  "archive.private",
  "archive.direct",
  "archive.search",
  "archive.searching",
  "archive.found",
  "archive.foundMore",
  "archive.nothing",
  "archive.earlier",
  "archive.later",
  "archive.empty",
  "archive.deleted",
  "archive.unreadable",
  "archive.edited",
  "archive.imported",
  "archive.reply",
  "archive.bot",
  "archive.former",
  "archive.file",
  "archive.noFile",
  "archive.page",
  "archive.made",
  "archive.noScript",
] as const
export type ArchiveWord = (typeof ARCHIVE_WORDS)[number]

export type WordKey =
  | ArchiveWord
  | `export.readme.${"title" | "made" | "open" | "seen" | "counts" | "noFiles" | "read" | "page" | "members"}`
  | `export.readme.${"channels" | "messages" | "files" | "manifest" | "format" | "gaps"}`
  | `export.gap.${"retention" | "late" | "files"}`

export type Say = (key: WordKey, values?: Readonly<Record<string, string>>) => string

/** The page's words with their places for values still in them. */
export function archiveWords(say: Say): Readonly<Record<ArchiveWord, string>> {
  const places = Object.fromEntries(["count", "name", "when", "title", "path"].map((name) => [name, `{${name}}`]))
  // as: from exactly these keys.
  return Object.fromEntries(ARCHIVE_WORDS.map((key) => [key, say(key, places)])) as Record<ArchiveWord, string>
}
