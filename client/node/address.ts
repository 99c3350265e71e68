/** The address of a chat as somebody types it: where the server is, and which room is meant. */
import { MAIN_ROOM, ROOM_NAME } from "../core/contract.ts"
import { Trouble } from "./trouble.ts"

export interface Place {
  /** `https://chat.example`, without a slash at the end. */
  readonly origin: string
  readonly room: string
}

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i
const THIS_MACHINE = /^(localhost|127\.0\.0\.1|\[::1\])$/
/** A room that is shown is never taken for `main`, however its name is written. */
const ROOM_PATH = /^\/r\/([^/]*)/

/**
 * @param typed the address of the page; `https://` may be missing.
 * @param room null: the one that the address shows, or else `main`.
 * @throws Trouble if that is no address, or one to which no password may go.
 */
export function placeOf(typed: string, room: string | null = null): Place {
  const url = parsed(SCHEME.test(typed) ? typed : `https://${typed}`)
  if (url === null) throw new Trouble(`"${typed}" is not the address of a chat, such as https://chat.example.`)
  if (url.protocol !== "https:" && !(url.protocol === "http:" && THIS_MACHINE.test(url.hostname))) {
    throw new Trouble(`${url.origin} is not encrypted: what you read would be readable on the way. Use https://.`)
  }
  const shown = ROOM_PATH.exec(url.pathname)?.[1] ?? null
  const meant = room ?? shown ?? MAIN_ROOM
  if (!new RegExp(`^${ROOM_NAME}$`).test(meant)) throw new Trouble(`No room can be called "${meant}".`)
  return { origin: url.origin, room: meant }
}

function parsed(text: string): URL | null {
  const url = URL.parse(text)
  return url !== null && url.hostname !== "" && /^https?:$/.test(url.protocol) ? url : null
}
