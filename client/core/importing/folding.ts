/** When two names are the same, as the room has it (src/text/names.py): however they are written. */

const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu
/** The signs that address somebody are no part of a name. */
const SIGNS = /^[@#＠＃﹫﹟\s]+/u

/** Equal for two names that the room takes for the same. */
export function folded(name: string): string {
  const plain = name.normalize("NFKC").replace(UNSEEN, "").toUpperCase().toLowerCase().normalize("NFKC")
  return plain.replace(/\s+/gu, " ").replace(SIGNS, "").trim()
}
