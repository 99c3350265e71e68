/** A message of our own format: it fits already, unless somebody else has written it. */
import { type FileRecord, fileOf, type MessageRecord } from "../archive/records.ts"
import { textWithVotes } from "../polls.ts"
import { isEmpty } from "../visible.ts"
import { emojiOf } from "./emoji.ts"
import { MOST_ALT, MOST_SIDE } from "./limits.ts"
import { fileName, mediaType, personName, shownPart } from "./naming.ts"
import type { People } from "./people.ts"
import type { SkipReason } from "./reasons.ts"
import type { Draft } from "./shaping.ts"
import type { Attachment, Gone, Place, Skipped } from "./source.ts"
import { UUID } from "./uuid.ts"
import type { Archive } from "./zipReading.ts"

export interface Drafted {
  readonly draft: (Draft & { readonly id: string }) | Gone | null
  readonly skipped: readonly Skipped[]
}

/** @param before when the message before it was said, or the first one of its place; null: nobody knows. */
export function draftOf(
  { archive, people, before }: { readonly archive: Archive; readonly people: People; readonly before: number | null },
  place: Place,
  record: MessageRecord,
  where: string,
): Drafted {
  const { author, sent_at, edited_at } = record
  const none = (why: SkipReason, detail?: string): Drafted => ({
    draft: null,
    skipped: [{ where, why, ...(detail !== undefined && { detail }) }],
  })
  const id = record.id.toLowerCase()
  if (record.deleted_at === null && record.unreadable === true) return none("unreadable")
  if (!UUID.test(id)) return none("malformed", "id")
  if (record.deleted_at !== null) {
    if (!isTime(record.deleted_at)) return none("malformed", "deleted_at")
    return { draft: goneAt(record.deleted_at, { id, where }, before), skipped: [] }
  }
  if (author === null) return none("malformed", "author")
  if (sent_at === null || !isTime(sent_at)) return none("malformed", "sent_at")
  const skipped: Skipped[] = []
  const skip = (why: SkipReason, detail: string) => void skipped.push({ where, why, detail: shownPart(detail) })
  if (edited_at !== null && !isTime(edited_at)) skip("time", "edited_at")
  const answered = record.reply_to?.toLowerCase() ?? null
  const files = filesOf(archive, record.files, skip)
  const draft: Draft & { readonly id: string } = {
    called: `own/${place.key}/${id}`,
    id,
    author: people.meet(author).key,
    sentAt: sent_at,
    editedAt: edited_at !== null && isTime(edited_at) ? edited_at : null,
    body: textOf(textWithVotes(record) ?? "", record.files, files),
    replyTo: answered !== null && UUID.test(answered) ? answered : null,
    mentions: [...new Set(record.mentions)].map((key) => people.meet(key).key),
    reactions: reactionsOf(record.reactions, people, skip),
    files,
    shownAs: shownAsOf(record),
    where,
  }
  return { draft, skipped }
}

const goneAt = (deletedAt: number, named: Pick<Gone, "id" | "where">, before: number | null): Gone => ({
  ...named,
  deletedAt,
  sentAt: before !== null && isTime(before) ? Math.min(before, deletedAt) : deletedAt,
})

const isTime = (value: number) => Number.isSafeInteger(value) && value >= 0

/** A message that was nothing but files that are not here stays, with their names. */
const textOf = (body: string, all: readonly FileRecord[], taken: readonly Attachment[]) =>
  isEmpty(body) && taken.length === 0 ? all.map(({ name }) => `📎 ${fileName(name)}`).join("\n") : body

function shownAsOf({ shown_as }: MessageRecord): Draft["shownAs"] {
  if (shown_as === undefined) return undefined
  const { name, emoji } = shown_as
  const sign = emoji === undefined ? null : emojiOf(emoji)
  const shown = { ...(name !== undefined && { name: personName(name, "") }), ...(sign !== null && { emoji: sign }) }
  return Object.keys(shown).length === 0 ? undefined : shown
}

type Skip = (why: SkipReason, detail: string) => void

function reactionsOf(given: MessageRecord["reactions"], people: People, skip: Skip): Draft["reactions"] {
  const all = new Map<string, Set<string>>()
  for (const [key, by] of Object.entries(given)) {
    const emoji = emojiOf(key)
    if (emoji === null) skip("custom_emoji", key)
    else if (by.length > 0) {
      all.set(emoji, new Set([...(all.get(emoji) ?? []), ...by.map((person) => people.meet(person).key)]))
    }
  }
  return all
}

function filesOf(archive: Archive, records: readonly FileRecord[], skip: Skip): readonly Attachment[] {
  const taken: Attachment[] = []
  for (const record of records) {
    const size = archive.size(fileOf(record.id))
    if (size === null) skip("file_missing", record.name)
    else if (!taken.some(({ key }) => key === record.id)) taken.push(attachmentOf(record, size))
  }
  return taken
}

const HASH = /^[A-Za-z0-9_-]{1,64}$/

function attachmentOf({ id, name, type, width, height, duration, hash, alt }: FileRecord, size: number): Attachment {
  const isSide = (value: number | undefined) =>
    value !== undefined && Number.isInteger(value) && value >= 1 && value <= MOST_SIDE
  const described = [...(alt ?? "")].slice(0, MOST_ALT).join("")
  return {
    key: id,
    name: fileName(name),
    type: mediaType(type),
    size,
    ...(isSide(width) && isSide(height) && { width, height }),
    ...(duration !== undefined && isTime(duration) && { duration }),
    ...(hash !== undefined && HASH.test(hash) && { hash }),
    ...(!isEmpty(described) && { alt: described }),
  }
}
