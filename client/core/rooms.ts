/**
 * The rooms of this host that this browser knows: from what each room's page has left on the shelf, and from nothing else.
 *
 * No request goes to a room that nobody looks at; what is unread there is what its page last knew.
 */
import { ROOM_NAME } from "./contract.ts"
import { calls } from "./listing.ts"
import type { Shelf } from "./ports.ts"
import type { Room } from "./room.ts"
import { number, object, orElse, text } from "./shape.ts"

const sign = object({ colour: orElse(text, ""), unread: orElse(number, 0), mentions: orElse(number, 0) })

export interface KnownRoom extends ReturnType<typeof sign> {
  readonly room: string
  readonly title: string
  /** Somebody is signed in there. */
  readonly isIn: boolean
}

const keyOf = (room: string) => `${room}:sign`
const KNOWN = new RegExp(`^(${ROOM_NAME}):title$`)
const TELLING = new RegExp(`^${ROOM_NAME}:(title|sign|member)$`)

/** Whether a key of the shelf says something about a room as it is listed. */
export const tellsOfRoom = (key: string) => TELLING.test(key)

/** @param keys all those of the shelf */
export function roomsOn(shelf: Pick<Shelf, "get">, keys: readonly string[], language: string): readonly KnownRoom[] {
  const rooms = keys.flatMap((key) => KNOWN.exec(key)?.[1] ?? [])
  return rooms
    .map((room) => {
      const isIn = shelf.get(`${room}:member`) !== null
      const { colour, unread, mentions } = signIn(shelf.get(keyOf(room)))
      const counts = isIn ? { unread, mentions } : { unread: 0, mentions: 0 }
      return { room, title: shelf.get(`${room}:title`) || room, isIn, colour, ...counts }
    })
    .toSorted(
      (one, other) =>
        Number(other.isIn) - Number(one.isIn) ||
        one.title.localeCompare(other.title, language) ||
        one.room.localeCompare(other.room),
    )
}

function signIn(kept: string | null): ReturnType<typeof sign> {
  try {
    return sign(JSON.parse(kept ?? "{}"), "sign")
  } catch {
    return { colour: "", unread: 0, mentions: 0 }
  }
}

/** How a room looks from others, as text: its colour, and how much in it calls the member. */
export function signOf({ channels, look }: Pick<Room, "channels" | "look">): string {
  const calling = Object.values(channels).filter(calls)
  const sum = (count: "unread" | "mentions") => calling.reduce((all, channel) => all + channel[count], 0)
  return JSON.stringify({ colour: look?.colour ?? "", unread: sum("unread"), mentions: sum("mentions") })
}

export function keepSign(shelf: Pick<Shelf, "get" | "set">, room: string, kept: string): void {
  if (shelf.get(keyOf(room)) !== kept) shelf.set(keyOf(room), kept)
}

/** Once somebody is outside, what they had to read is nobody's business. */
export function dropSign(shelf: Pick<Shelf, "get" | "remove">, room: string): void {
  if (shelf.get(`${room}:member`) === null) shelf.remove(keyOf(room))
}
