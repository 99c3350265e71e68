/** Where things are: the addresses of rooms and of places in them (docs/protocol.md). Page and service worker agree here. */

import { MAIN_ROOM, ROOM_NAME } from "../core/contract.ts"
import { number, object, orNull, type Shaped, text } from "../core/shape.ts"

/** Where a click on a notification leads: the service worker keeps it there, and sends it to the page. */
export const destination = object({ room: text, channel: orNull(text), seq: orNull(number) })
export type Destination = Shaped<typeof destination>

export interface Place {
  readonly channel: string
  /** The `seq` of the message to show, when one is named. */
  readonly target: number | null
}

/** `/` is room main, others are at `/r/{room}`. */
export function roomFromPath(pathname: string): string {
  return new RegExp(`^/r/(${ROOM_NAME})/?$`).exec(pathname)?.[1] ?? MAIN_ROOM
}

export function pathOf(room: string): string {
  return room === MAIN_ROOM ? "/" : `/r/${room}`
}

/** `#{channel}` or `#{channel}/{seq}`; the id of a channel is base64url, so it needs no escaping. */
export function placeFromHash(hash: string): Place | null {
  const [, channel, target] = /^#([\w-]+)(?:\/(\d+))?$/.exec(hash) ?? []
  return channel === undefined ? null : { channel, target: target ? Number(target) : null }
}

export function hashOf({ channel, target }: Place): string {
  return `#${channel}${target === null ? "" : `/${target}`}`
}

export function addressOf({ room, channel, seq }: Destination): string {
  return pathOf(room) + (channel === null ? "" : hashOf({ channel, target: seq }))
}

/** Where a link leads that is to a place of the room on this page; null: elsewhere. */
export function ownPlace(href: string): Place | null {
  const own = `${location.origin}${location.pathname}#`
  return href.startsWith(own) ? placeFromHash(href.slice(own.length - 1)) : null
}
