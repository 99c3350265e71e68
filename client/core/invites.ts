/**
 * Links that let somebody in (docs/protocol.md, "Invites"): made in the browser of whoever invites, read in another one.
 *
 * The secret stands behind the `#` and never comes to the server: a login shows a proof, and the server keeps its digest.
 */
import type { Api } from "./api.ts"
import { MAIN_ROOM, ROOM_NAME } from "./contract.ts"
import { fromBase64url, toBase64url } from "./encoding.ts"
import { number, object, oneOf, type Shaped, text } from "./shape.ts"

export const SECRET_BYTES = 16
const PROOF_INFO = "durable-chat invite v1"
const PROOF_BITS = 256
const PAGE = "/join"
/** 16 bytes; the last character has four bits that count for nothing and are 0. */
const SECRET = "[\\w-]{21}[AQgw]"
/** `#`, as mail filters may have written it, once or several times over. */
const MARK = "(?:#|%(?:25)*23)"
/** What redirectors append begins with one of these. */
const REST = "(?:[&?#]|%(?:25)*(?:26|3[Ff]))"

/** Who follows a link comes to this room. The secret is null in a link that is damaged. */
export interface Invitation {
  readonly room: string
  readonly secret: string | null
}

/** @param random SECRET_BYTES random bytes. */
export function secretFrom(random: Uint8Array): string {
  return toBase64url(random.subarray(0, SECRET_BYTES))
}

/** 32 bytes each, base64url. */
export interface InviteKeys {
  /** What a login shows. */
  readonly proof: string
  /** What the server knows the invite by. */
  readonly digest: string
}

export async function inviteKeys(secret: string, subtle: SubtleCrypto): Promise<InviteKeys> {
  const key = await subtle.importKey("raw", fromBase64url(secret), "HKDF", false, ["deriveBits"])
  const info = new TextEncoder().encode(PROOF_INFO)
  const proof = await subtle.deriveBits(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info },
    key,
    PROOF_BITS,
  )
  const digest = await subtle.digest("SHA-256", proof)
  return { proof: toBase64url(new Uint8Array(proof)), digest: toBase64url(new Uint8Array(digest)) }
}

/** @param origin `https://chat.example`, without a slash at the end. */
export function inviteLink(origin: string, room: string, secret: string): string {
  return `${origin}${PAGE}#${room}.${secret}`
}

/** The invitation in the address of a page; null if it is not the address of one. */
export function invitationIn({ pathname, hash }: Pick<Location, "pathname" | "hash">): Invitation | null {
  if (!pathname.startsWith(PAGE)) return null
  const said = pathname.slice(PAGE.length) + hash
  const whole = new RegExp(`^/?${MARK}(${ROOM_NAME})\\.(${SECRET})(?:${REST}|$)`).exec(said)
  const [, room = MAIN_ROOM, secret = null] = whole ?? new RegExp(`^/?${MARK}(${ROOM_NAME})(?![\\w-])`).exec(said) ?? []
  return { room, secret }
}

const welcome = object({ kind: oneOf("person", "device"), by: text, expires_at: number })
/** Whom a link lets in, `person` or its maker on another `device`, and who made it. */
export type InviteFacts = Shaped<typeof welcome>

/** Asks whom a link lets in, which uses nothing up. */
export function lookAtInvite(api: Api, proof: string) {
  return api.call("POST", "/invite", (value): InviteFacts => welcome(value, "invite"), { invite: proof })
}
