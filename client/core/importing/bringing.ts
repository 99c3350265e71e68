/** A message of a source as the frame `import` takes it (docs/protocol.md, "Import"), with the people whom it brings along. */

import type { Sending } from "../files/types.ts"
import type { Bringing } from "../protocol.ts"
import { MOST_BODY } from "./limits.ts"
import type { Mapping } from "./mapping.ts"
import type { Line } from "./report.ts"
import type { Attachment, Gone, Said } from "./source.ts"

/** People whom one message may bring along: as many as a frame. */
export const MOST_PEOPLE = 100

/** A message that is ready, but for its files. */
export interface Ready {
  readonly said: Said | Gone
  readonly message: Bringing
  readonly files: readonly Attachment[]
  /** Those of its people who are no members, by id. */
  readonly people: ReadonlyMap<string, string>
}

/**
 * @param files those of its files that go with it.
 * @returns null for a message that cannot be taken at all; `tell` has heard why.
 */
export async function readyFrom(
  said: Said,
  files: readonly Attachment[],
  mapping: Mapping,
  now: number,
  tell: (line: Line) => void,
): Promise<Ready | null> {
  const { id, where, sentAt, replyTo, editedAt } = said
  if (sentAt > now) {
    tell({ where, why: "future" })
    return null
  }
  const people = new Map<string, string>()
  const meet = meeting(mapping, people)
  const author = await meet(said.author)
  const mentions = await metAmong(said.mentions, meet)
  const reactions = await reactionsOf(said.reactions, meet)
  if (reactions.areMore) tell({ where, why: "too_many" })
  const message: Bringing = {
    id,
    ...(author === null ? {} : { author }),
    sent_at: sentAt,
    body: said.body === "" && files.length === 0 ? namesOf(said.files) : said.body,
    ...(editedAt !== null && editedAt <= now ? { edited_at: editedAt } : {}),
    ...(replyTo === null ? {} : { reply_to: replyTo }),
    ...(mentions.length === 0 ? {} : { mentions }),
    ...(reactions.taken.length === 0 ? {} : { reactions: Object.fromEntries(reactions.taken) }),
    ...shownAs(said),
  }
  return { said, message, files, people }
}

/** As `readyFrom`, for one that was deleted: nobody has written it. */
export function readyGone(gone: Gone, now: number, tell: (line: Line) => void): Ready | null {
  const { id, where, deletedAt, sentAt } = gone
  if (deletedAt > now) {
    tell({ where, why: "future" })
    return null
  }
  return { said: gone, message: { id, deleted_at: deletedAt, sent_at: sentAt }, files: [], people: new Map() }
}

type Meet = (key: string) => Promise<string | null>

/** The id of somebody; null if the message brings as many others along as a frame may. */
function meeting(mapping: Mapping, people: Map<string, string>): Meet {
  return async (key) => {
    const { id, shown, as } = await mapping.of(key)
    if (as === "member" || people.has(id)) return id
    if (people.size >= MOST_PEOPLE) return null
    people.set(id, shown)
    return id
  }
}

async function metAmong(keys: readonly string[], meet: Meet): Promise<readonly string[]> {
  const met: string[] = []
  for (const key of keys) {
    const id = await meet(key)
    if (id !== null && !met.includes(id)) met.push(id)
  }
  return met
}

async function reactionsOf(given: Said["reactions"], meet: Meet) {
  const taken: [string, readonly string[]][] = []
  let areMore = false
  for (const [emoji, keys] of Object.entries(given)) {
    const met = await metAmong(keys, meet)
    areMore ||= met.length < keys.length
    if (met.length > 0) taken.push([emoji, met])
  }
  return { taken, areMore }
}

function shownAs({ shownAs: { name, emoji } = {} }: Said): Pick<Bringing, "shown_as"> {
  const shown = { ...(name === undefined ? {} : { name }), ...(emoji === undefined ? {} : { emoji }) }
  return Object.keys(shown).length === 0 ? {} : { shown_as: shown }
}

/** What a message says that has lost its only files. */
export const namesOf = (files: readonly Pick<Attachment, "name">[]): string =>
  [...files.map(({ name }) => `📎 ${name}`).join("\n")].slice(0, MOST_BODY).join("")

/** A file as it is sent. */
export const sendingOf = ({ key: _, ...file }: Attachment): Sending => file
