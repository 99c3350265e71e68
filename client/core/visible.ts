/** What is seen of a text. What is empty is decided by the rule of the server (src/text/names.py). */

/** No space, control or format character, no mark without a letter, nothing whose picture is empty. */
const VISIBLE = /[^\p{Z}\p{Cc}\p{Cf}\p{M}\p{DI}\p{NChar}\u2800\u{1d159}\u{13441}\u{13442}]/u

export const isEmpty = (text: string): boolean => !VISIBLE.test(text)

/** Embeddings, overrides and isolates: unclosed ones would reorder what stands behind them (Unicode TR 9, TR 36). */
const REORDERING = /[\u202A-\u202E\u2066-\u2069]/g

/** A text without the signs that put others in another order. */
export const inOrder = (text: string): string => text.replace(REORDERING, "")
