/** Why something is not taken from what is imported: closed sets of words. `words.ts` has what people read for each. */

/** Why a part, a message, or something of a message is left out. */
export const SKIP_REASONS = [
  /** Not JSON, or without what a message needs. */
  "malformed",
  /** Nested deeper, or longer, than anything that people write. */
  "oversized",
  /** Its bytes are not those that were packed. */
  "damaged",
  /** Its bytes are not those of which the manifest has the sum. */
  "changed",
  /** It is named, and is not in the file. */
  "missing",
  /** Its name in the zip could lead out of a folder. */
  "unsafe_name",
  /** Something with the same name or id stands before it. */
  "repeated",
  /** Messages of a channel that no list names. */
  "unlisted",
  /** What the program says by itself: somebody came, a topic was changed. */
  "system",
  /** Of a kind that this chat does not have: a scheme of permissions, an emoji of one's own. */
  "other_kind",
  /** It was deleted where it comes from. */
  "deleted",
  /** Where it comes from, its text could not be read any more. */
  "unreadable",
  /** The free plan there shows it no more. */
  "hidden",
  /** Nothing in it can be seen. */
  "empty",
  /** Brought, but where it comes from had cut its text off. */
  "cut_there",
  /** Brought, but without this time, which is none. */
  "time",
  /** Brought, but without reactions that are no emoji of Unicode. */
  "custom_emoji",
  /** Brought, but without reactions or mentions beyond what a message may have. */
  "too_many",
  /** Brought, but without a file that is not in the archive. */
  "file_missing",
  /** Brought, but without a file that lies with somebody else. */
  "file_external",
  /** Brought, but without a file that was deleted. */
  "file_deleted",
  /** Brought, but without a file that the free plan there shows no more. */
  "file_hidden",
] as const
export type SkipReason = (typeof SKIP_REASONS)[number]

/** Why nothing at all can be taken from a file. */
export const REFUSALS = [
  /** Neither a zip nor lines of JSON. */
  "unknown_file",
  /** A zip of something else. */
  "unknown_layout",
  /** Sealed with a passphrase, by age. */
  "sealed",
  /** A zip whose entries need a password. */
  "encrypted",
  /** A zip without its end. */
  "cut",
  /** A zip whose list of entries cannot be read, or whose entries share their bytes. */
  "damaged",
  "too_many_entries",
  /** So little that becomes so much is made to fill a disk. */
  "bomb",
  /** Our own format, of a later version or with a manifest that cannot be read. */
  "manifest",
  /** The lists of people and channels cannot be read. */
  "lists",
] as const
export type Refusal = (typeof REFUSALS)[number]

export class ImportRefused extends Error {
  override readonly name = "ImportRefused"
  readonly why: Refusal
  /** The part of the file, or "". */
  readonly where: string

  constructor(why: Refusal, where = "", options?: ErrorOptions) {
    super(where === "" ? why : `${why}: ${where}`, options)
    this.why = why
    this.where = where
  }
}

/** The bytes of one part are not what they should be: the rejection of streams of files. The rest may be good. */
export class PartDamaged extends Error {
  override readonly name = "PartDamaged"
  readonly why: SkipReason
  readonly where: string

  constructor(why: "damaged" | "changed" | "oversized", where: string, options?: ErrorOptions) {
    super(`${why}: ${where}`, options)
    this.why = why
    this.where = where
  }
}
