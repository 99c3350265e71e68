/** What is empty: the rule that the server has for messages, topics and names (src/names.py). */

/** No space, control or format character, no mark without a letter, nothing whose picture is empty. */
const VISIBLE = /[^\p{Z}\p{Cc}\p{Cf}\p{M}\p{DI}\p{NChar}\u2800\u{1d159}\u{13441}\u{13442}]/u

export const isEmpty = (text: string): boolean => !VISIBLE.test(text)
