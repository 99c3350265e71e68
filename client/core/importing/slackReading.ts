/**
 * Reads a zip in the layout in which Slack exports a workspace, its own or one of our exports: the lists first, then the days
 * of a channel one after another. A day is in memory as a whole, and nothing else.
 */
import { DAY, LISTS, type Listed, microsOf, UPLOAD, USERS } from "../archive/slackNames.ts"
import { compare } from "../archive/source.ts"
import { type Listed as ListRead, readList } from "./listReading.ts"
import { placeName, shownPart, topicOf } from "./naming.ts"
import { createPeople, type People } from "./people.ts"
import { ImportRefused } from "./reasons.ts"
import { createRecent } from "./recent.ts"
import { shaped } from "./shaping.ts"
import { draftOf, type SlackWorkspace } from "./slackMessages.ts"
import { type SlackMessage, type SlackUser, slackChannel, slackMessage, slackUser } from "./slackShapes.ts"
import type { ImportSource, Place, Said, Skipped } from "./source.ts"
import type { Archive } from "./zipReading.ts"

/** Of a whole organisation the list of people is called so. */
const ORGANISATION = "org_users.json"
/** Who speaks in Slack and stands in no list. */
const SLACKBOT = ["USLACKBOT", "Slackbot"] as const

export const isSlack = ({ names }: Archive): boolean =>
  names.some((name) => name === USERS || name === ORGANISATION) &&
  names.some((name) => Object.values<string>(LISTS).includes(name))

interface Folder {
  readonly place: Place
  readonly folder: string
}

/** @throws ImportRefused */
export async function openSlack(archive: Archive, title: string): Promise<ImportSource> {
  const skipped: Skipped[] = [...archive.skipped]
  const people = createPeople()
  people.meet(...SLACKBOT)
  for (const user of await usersIn(archive, skipped)) people.meet(user.id, nameOf(user))
  const folders = await foldersIn(archive, people, skipped)
  const days = daysIn(archive)
  const listed = new Set(folders.map(({ folder }) => folder))
  for (const folder of days.keys()) {
    if (!listed.has(folder)) skipped.push({ where: shownPart(folder), why: "unlisted" })
  }
  const channels = new Map(folders.map(({ place }) => [place.key, place.name]))
  const workspace: SlackWorkspace = { archive, people, channels, uploads: uploadsIn(archive) }
  const folderOf = new Map(folders.map(({ place, folder }) => [place.key, folder]))
  return {
    flavour: "slack",
    title,
    people: people.all,
    places: folders.map(({ place }) => place),
    skipped,
    said: (place) => saidIn(workspace, place, days.get(folderOf.get(place.key) ?? "") ?? new Map()),
    bytesOf: async ({ key }) => archive.stream(key),
    close: archive.close,
  }
}

async function usersIn(archive: Archive, skipped: Skipped[]): Promise<readonly SlackUser[]> {
  const lists = [await readList(archive, USERS, slackUser), await readList(archive, ORGANISATION, slackUser)]
  return lists.flatMap((list) => taken(list, skipped))
}

function taken<T>(list: ListRead<T> | null, skipped: Skipped[]): readonly T[] {
  if (list === null) return []
  skipped.push(...list.skipped)
  return list.records.map(({ record }) => record)
}

/** As Slack shows people. */
const nameOf = ({ name, real_name, profile }: SlackUser) =>
  profile?.display_name || real_name || profile?.real_name || name

async function foldersIn(archive: Archive, people: People, skipped: Skipped[]): Promise<readonly Folder[]> {
  const folders = new Map<string, Folder>()
  const keys = new Set<string>()
  // as: the keys of LISTS.
  for (const [kind, part] of Object.entries(LISTS) as [Listed, string][]) {
    const list = await readList(archive, part, slackChannel)
    for (const channel of taken(list, skipped)) {
      const folder = kind === "direct" ? channel.id : channel.name
      if (keys.has(channel.id) || folders.has(folder)) {
        skipped.push({ where: `${part} ${shownPart(channel.id)}`, why: "repeated" })
        continue
      }
      keys.add(channel.id)
      for (const member of channel.members) people.meet(member)
      const isDirect = kind === "direct" || kind === "group"
      const place: Place = {
        key: channel.id,
        name: isDirect ? "" : placeName(channel.name, channel.id),
        topic: topicOf(channel.topic?.value || (isDirect ? "" : (channel.purpose?.value ?? ""))),
        kind: isDirect ? "direct" : kind,
        people: [...new Set(channel.members)],
        archived: channel.is_archived,
      }
      folders.set(folder, { place, folder })
    }
  }
  if (folders.size === 0) throw new ImportRefused("lists", skipped[0]?.where ?? "")
  return [...folders.values()]
}

/** The parts of each day, by folder. */
type Days = ReadonlyMap<string, readonly string[]>

function daysIn({ names }: Archive): ReadonlyMap<string, Days> {
  const folders = new Map<string, { day: string; part: number; name: string }[]>()
  for (const name of names) {
    const [, folder, day, part = "1"] = DAY.exec(name) ?? []
    if (folder === undefined || day === undefined) continue
    const all = folders.get(folder) ?? []
    all.push({ day, part: Number(part), name })
    folders.set(folder, all)
  }
  return new Map(
    [...folders].map(([folder, all]) => {
      const days = new Map<string, string[]>()
      for (const { day, name } of all.sort((a, b) => compare(a.day, b.day) || a.part - b.part)) {
        days.set(day, [...(days.get(day) ?? []), name])
      }
      return [folder, days]
    }),
  )
}

function uploadsIn({ names }: Archive): ReadonlyMap<string, string> {
  const uploads = new Map<string, string>()
  for (const name of names) {
    const id = UPLOAD.exec(name)?.[1]
    if (id !== undefined && !uploads.has(id)) uploads.set(id, name)
  }
  return uploads
}

interface Found {
  readonly message: SlackMessage
  readonly micros: number
  readonly where: string
}

async function* saidIn(workspace: SlackWorkspace, place: Place, days: Days): AsyncGenerator<Said | Skipped, void> {
  const isNew = createRecent()
  for (const parts of days.values()) {
    const found: Found[] = []
    for (const part of parts) {
      const list = await readList(workspace.archive, part, slackMessage)
      yield* list?.skipped ?? []
      for (const { record, where } of list?.records ?? []) {
        const micros = microsOf(record.ts)
        if (micros === null) yield { where, why: "malformed", detail: "ts" }
        else found.push({ message: record, micros, where })
      }
    }
    for (const one of found.sort((a, b) => a.micros - b.micros)) {
      const { draft, skipped } = draftOf(workspace, place, one)
      if (draft !== null && !isNew(draft.called)) yield { where: one.where, why: "repeated" }
      else {
        yield* skipped
        if (draft !== null) yield* shaped(draft)
      }
    }
  }
}
