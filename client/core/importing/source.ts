/**
 * What is imported, whoever wrote it: people, places and what was said there, read piece by piece (docs/import.md).
 *
 * Nothing in it is trusted: whatever comes out of a source fits the limits of docs/protocol.md, and what does not is
 * skipped, with a reason and the place where it stood.
 */
import { PARTS } from "../archive/records.ts"
import { USERS } from "../archive/slackNames.ts"
import type { Sending } from "../files/types.ts"
import { isMattermost, openMattermost } from "./mattermostReading.ts"
import { shownPart, topicOf } from "./naming.ts"
import { manifestIn, openOwn } from "./ownReading.ts"
import { ImportRefused, PartDamaged, type SkipReason } from "./reasons.ts"
import { isSlack, openSlack } from "./slackReading.ts"
import { openZip, rooted } from "./zipReading.ts"

/** A file that is read anywhere in it. */
export interface RandomAccess {
  readonly size: number
  /** Fewer bytes than asked for only at the end of the file. */
  read(at: number, length: number): Promise<Uint8Array>
}

export interface Person {
  /** Of the source: a member's id, `U…` of Slack, a username of Mattermost. */
  readonly key: string
  /** A name that a room takes. */
  readonly name: string
}

export type Kind = "open" | "private" | "direct"

export interface Place {
  readonly key: string
  /** Empty for direct conversations, which are called as those who are in them. */
  readonly name: string
  readonly topic: string
  readonly kind: Kind
  /** Keys of people; of open ones it may be empty. */
  readonly people: readonly string[]
  readonly archived: boolean
}

/** A file as it would be sent from here, and its key in the source. */
export type Attachment = Sending & { readonly key: string }

export interface Said {
  /** A UUID, the same whenever the same message is read. */
  readonly id: string
  readonly author: string
  readonly sentAt: number
  readonly editedAt: number | null
  readonly body: string
  readonly replyTo: string | null
  readonly mentions: readonly string[]
  /** Keys of people by emoji. */
  readonly reactions: Readonly<Record<string, readonly string[]>>
  readonly files: readonly Attachment[]
  /** Under which name and emoji a program spoke. */
  readonly shownAs?: { readonly name?: string | undefined; readonly emoji?: string | undefined } | undefined
  /** For the report: the part and the line, or the place in its list. */
  readonly where: string
}

/** A message that was deleted where it comes from: its place among the others, and nothing of what it said. */
export interface Gone {
  readonly id: string
  readonly deletedAt: number
  /** About when it was said, as what stands beside it tells: by this its place is kept as long as theirs, and no longer. */
  readonly sentAt: number
  readonly where: string
}

export interface Skipped {
  readonly where: string
  readonly why: SkipReason
  readonly detail?: string | undefined
}

export interface ImportSource {
  readonly flavour: "own" | "slack" | "mattermost"
  readonly title: string
  /**
   * Grows while places are read: whoever wrote, reacted or is mentioned in something that `said` has given is in it by then,
   * people of whom no list knows with their key as name.
   */
  readonly people: readonly Person[]
  readonly places: readonly Place[]
  /** What was found when the file was opened; what is found later comes from `said`. */
  readonly skipped: readonly Skipped[]
  /** In the order of time. May be called again, and one place after another, not two at once. */
  said(place: Place): AsyncIterable<Said | Gone | Skipped>
  /** Null: not in the archive. The stream rejects with `PartDamaged` at its end if the bytes are not what they should be. */
  bytesOf(file: Attachment): Promise<ReadableStream<Uint8Array> | null>
  close(): Promise<void>
}

const AGE = "age-encryption.org/"
const ZIP = "PK"
const LINES = ".jsonl"
const CHUNK_BYTES = 262_144
/** An export has one such part. */
const MOST_LOOKED_AT = 20

/**
 * Recognises a file by what is in it.
 *
 * @param name the file's own, for its title where it has none.
 * @throws ImportRefused
 */
export async function openSource(file: RandomAccess, name: string): Promise<ImportSource> {
  const shown = shownPart(name)
  const title = topicOf(name.replace(/^.*[/\\]|\.[^.]*$/g, ""))
  const beginning = new TextDecoder("latin1").decode(await file.read(0, Math.min(file.size, 64)))
  if (beginning.startsWith(AGE)) throw new ImportRefused("sealed", shown)
  if (!beginning.startsWith(ZIP)) {
    const lines = { name: shown, chunks: () => chunksOf(file) }
    if (await isMattermost(lines)) return openMattermost(lines, null, title)
    throw new ImportRefused("unknown_file", shown)
  }
  const whole = await openZip(file)
  const archive = rooted(whole, [PARTS.channels, USERS])
  const made = await manifestIn(archive)
  if (made !== null) return openOwn(archive, made)
  if (isSlack(archive)) return openSlack(archive, title)
  // Of these the whole zip: a file that somebody sent may be called as the lists of others are.
  for (const part of whole.names.filter((each) => each.endsWith(LINES)).slice(0, MOST_LOOKED_AT)) {
    const inFolder = rooted(whole, [part])
    const lines = { name: shownPart(part), chunks: () => whole.stream(part) ?? chunksOf(file) }
    if (await isMattermost(lines).catch(falseIfDamaged)) return openMattermost(lines, inFolder, title)
  }
  throw new ImportRefused("unknown_layout", shown)
}

function falseIfDamaged(error: unknown): false {
  if (error instanceof PartDamaged) return false
  throw error
}

async function* chunksOf(file: RandomAccess): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < file.size; at += CHUNK_BYTES) yield await file.read(at, Math.min(CHUNK_BYTES, file.size - at))
}
