/** A call is an address elsewhere, which the operator chose (CALL_URL), posted as a message. */

const MARK = "{call}"
/** No upper case, which some services take for the same, and 32 of them, so that five bits of each byte choose one. */
const LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
/** Five bits each: nobody guesses an address. */
const LENGTH = 20

/**
 * The address of a new call.
 *
 * @param url as `welcome` tells it; `{call}` in it becomes letters and digits that no other call has.
 */
export function callAddress(url: string, random: (bytes: number) => Uint8Array): string {
  const letters = Array.from(random(LENGTH), (byte) => LETTERS[byte % LETTERS.length])
  return url.replace(MARK, letters.join(""))
}
