/**
 * What somebody types into the search field: words to look for, and filters (`from:anna`, `до:2026-11-01`), in English and in
 * Russian whatever language the page speaks. The wire has fields only (docs/protocol.md, "Search").
 */
import { loose, membersLike } from "../misnamed.ts"
import type { Request } from "../protocol.ts"
import type { Room } from "../room.ts"

export type FilterName = "author" | "channel" | "has" | "before" | "after"
export type Kind = "link" | "file" | "image"

/** `value`: the id of a member or channel, a kind, or the time in ms at which a day begins here. */
export interface Filter {
  readonly name: FilterName
  readonly value: string
}

/** A filter as it is typed: `value` may be the beginning of one. */
export interface Token extends Filter {
  readonly start: number
  readonly end: number
  /** A space or a quotation mark ends it. */
  readonly isClosed: boolean
}

type Place = Pick<Room, "members" | "former" | "channels" | "me">
type Fields = Omit<Extract<Request, { type: "search" }>, "type" | "cursor" | "limit">

const NAMES: Readonly<Record<string, FilterName>> = {
  from: "author",
  от: "author",
  in: "channel",
  в: "channel",
  has: "has",
  есть: "has",
  before: "before",
  до: "before",
  after: "after",
  после: "after",
}
export const FILTERS = [...new Set(Object.values(NAMES))]
const KIND_WORDS: Readonly<Record<string, string>> = {
  link: "link ссылка",
  file: "file файл",
  image: "image picture photo картинка изображение фото",
}
const ME = /^(?:me|я|меня)$/i
/** A phrase in quotes, whose colons filter nothing; a filter; or a word. */
const PARTS = /["“„«][^"”“»]*["”“»]?|(\p{L}+):(?:["“„«]([^"”“»]*)(["”“»]?)|([^\s"“„«]*))|\S+/giu
const DAY_MS = 86_400_000

export function tokensIn(text: string): readonly Token[] {
  return [...text.matchAll(PARTS)].flatMap(({ 0: whole, 1: key, 2: quoted, 3: closing, 4: plain, index }) => {
    const name = NAMES[key?.toLowerCase() ?? ""]
    if (name === undefined) return []
    const end = index + whole.length
    // A colon in running text.
    if (end < text.length && whole.endsWith(":")) return []
    const isClosed = closing ? true : quoted === undefined && end < text.length
    return [{ name, value: quoted ?? plain ?? "", start: index, end, isClosed }]
  })
}

/** The filter that somebody is typing at the end of the text. */
export function openToken(text: string): Token | null {
  const last = tokensIn(text).at(-1)
  return last !== undefined && last.end === text.length && !last.isClosed ? last : null
}

/** What a typed value may mean, the likeliest first. */
export function candidates({ name, value }: Filter, room: Place, now: number): readonly Filter[] {
  const asFilter = (found: string): Filter => ({ name, value: found })
  switch (name) {
    case "author":
      return membersFor(value, room).map(asFilter)
    case "channel":
      return channelsFor(value, room).map(asFilter)
    case "has":
      return Object.entries(KIND_WORDS)
        .filter(([, words]) => ` ${loose(words)}`.includes(` ${loose(value)}`))
        .map(([kind]) => asFilter(kind))
    default:
      return daysFor(value, now).map(asFilter)
  }
}

/** What a typed value means, if that is certain. */
export function meant(token: Filter, room: Place, now: number): Filter | null {
  const found = token.value === "" ? [] : candidates(token, room, now)
  const [first, second] = found
  if (first === undefined) return null
  return second === undefined || loose(labelOf(first, room)) === loose(token.value) ? first : null
}

/** The name behind an id; others are their own names. */
export function labelOf({ name, value }: Filter, { members, former, channels }: Place): string {
  if (name === "author") return members[value]?.name ?? former[value]?.name ?? value
  return name === "channel" ? (channels[value]?.name ?? value) : value
}

/** Of each name the last filter counts; a message may have several things. */
export function withFilter(filters: readonly Filter[], added: Filter): readonly Filter[] {
  const others = filters.filter(({ name, value }) => name !== added.name || (name === "has" && value !== added.value))
  return [...others, added]
}

/** The filters that are complete, taken out of the text. */
export function takeFilters(text: string, room: Place, now: number): { text: string; filters: readonly Filter[] } {
  const filters: Filter[] = []
  let rest = text
  for (const token of tokensIn(text).toReversed()) {
    const filter = token.isClosed ? meant(token, room, now) : null
    if (filter === null) continue
    filters.unshift(filter)
    rest = without(rest, token)
  }
  return { text: rest, filters }
}

export function without(text: string, { start, end }: Token): string {
  return text.slice(0, start).trimEnd() + (start > 0 && end < text.length ? " " : "") + text.slice(end).trimStart()
}

/** What goes to the server; null: there is nothing to look for. */
export function fieldsOf(text: string, filters: readonly Filter[]): Fields | null {
  const query = text.trim().replace(/\s+/g, " ")
  if (query === "" && filters.length === 0) return null
  const fields: { -readonly [K in keyof Fields]: Fields[K] } = { query }
  for (const { name, value } of filters) {
    if (name === "before" || name === "after") fields[name] = Number(value)
    else if (name !== "has") fields[name] = value
    else fields.has = [...(fields.has ?? []), value as Kind]
  }
  return fields
}

function membersFor(value: string, { members, former, me }: Place): readonly string[] {
  const wanted = value.replace(/^[@＠]/, "")
  if (ME.test(wanted)) return [me.id]
  return exactFirst(membersLike(wanted, [...Object.values(members), ...Object.values(former)]), wanted)
}

function channelsFor(value: string, { channels }: Place): readonly string[] {
  const wanted = value.replace(/^#/, "")
  const found = Object.values(channels).filter(({ name }) => loose(name).includes(loose(wanted)))
  return exactFirst(found, wanted)
}

function exactFirst(
  found: readonly { readonly id: string; readonly name: string }[],
  wanted: string,
): readonly string[] {
  const sought = loose(wanted)
  const rank = (name: string) => Number(loose(name) !== sought) + Number(!loose(name).startsWith(sought))
  return found.toSorted((a, b) => rank(a.name) - rank(b.name)).map(({ id }) => id)
}

function daysFor(value: string, now: number): readonly string[] {
  const back = (days: number) => String(new Date(now - days * DAY_MS).setHours(0, 0, 0, 0))
  if (value === "") return [0, 1, 7, 30].map(back)
  const named = /^(?:(today|сегодня)|yesterday|вчера)$/i.exec(value)
  if (named) return [back(named[1] ? 0 : 1)]
  const parts = value.split(/[-.]/).map(Number)
  const [year = 0, month = 0, date = 0] = (parts[0] ?? 0) > 31 ? parts : parts.toReversed()
  const found = new Date(year, month - 1, date)
  // The thirty-first of June is none.
  return year > 1970 && found.getDate() === date ? [String(found.getTime())] : []
}
