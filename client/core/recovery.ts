/**
 * Recovery codes (docs/protocol.md, "Recovery code"): made in the browser of their member, typed in on another one.
 *
 * 100 random bits as 20 characters of Crockford's base32, which has no I, L, O and U. The code itself goes nowhere: what
 * travels is a proof that is good in one room only.
 */
import { fromBase64url, toBase64url } from "./encoding.ts"

export const CODE_CHARACTERS = 20
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
const GROUP = /.{5}(?=.)/gsu
const PROOF_INFO = "durable-chat recovery v1"
const PROOF_BITS = 256

/** Why a text is no code: `letter_u` and `character` say that something in it never stands in one. */
export type CodeTrouble = "empty" | "letter_u" | "character" | "short" | "long"

/**
 * Makes a code.
 *
 * @param random CODE_CHARACTERS random bytes; five bits of each count, so that no value is likelier than another.
 */
export function codeFrom(random: Uint8Array): string {
  return Array.from(random.subarray(0, CODE_CHARACTERS), (byte) => ALPHABET.charAt(byte & 31)).join("")
}

/** As people read it: `ABCDE-FGHJK-MNPQR-STVWX`. */
export function inGroupsOfFive(code: string): string {
  return code.replace(GROUP, "$&-")
}

/** What somebody typed, in capitals, without what separates groups; I and L are a 1, O is a 0. */
export function asTyped(typed: string): string {
  return typed
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[\s\p{P}\p{Cf}]/gu, "")
    .replace(/[IL]/g, "1")
    .replaceAll("O", "0")
}

/** What keeps a text from being a code; null: it is one, and `asTyped` gives it. */
export function troubleOf(typed: string): CodeTrouble | null {
  const code = asTyped(typed)
  if (code === "") return "empty"
  if (code.includes("U")) return "letter_u"
  if ([...code].some((character) => !ALPHABET.includes(character))) return "character"
  if (code.length !== CODE_CHARACTERS) return code.length < CODE_CHARACTERS ? "short" : "long"
  return null
}

/**
 * What is typed into a field, in groups, and where the caret stands in it: after the same character as before.
 *
 * @param caret counted in UTF-16 units, as `selectionStart` is.
 */
export function formatted(typed: string, caret: number): { readonly text: string; readonly caret: number } {
  const code = asTyped(typed)
  const before = code.slice(0, asTyped(typed.slice(0, caret)).length)
  return { text: inGroupsOfFive(code), caret: inGroupsOfFive(before).length }
}

/**
 * What proves a code to one room.
 *
 * @param code in capitals, without separators.
 * @param salt the room's, base64url.
 * @returns 32 bytes, base64url.
 */
export async function recoveryProof(code: string, salt: string, subtle: SubtleCrypto): Promise<string> {
  const encode = (text: string) => new TextEncoder().encode(text)
  const key = await subtle.importKey("raw", encode(code), "HKDF", false, ["deriveBits"])
  const how = { name: "HKDF", hash: "SHA-256", salt: fromBase64url(salt), info: encode(PROOF_INFO) }
  return toBase64url(new Uint8Array(await subtle.deriveBits(how, key, PROOF_BITS)))
}
