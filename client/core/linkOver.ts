/**
 * A link pasted over chosen words becomes these words as a link (docs/dialect.md); null: it is not such a paste.
 *
 * Brackets in the words, and words that are an address themselves, are replaced as ever.
 */
export function linkOver(words: string, pasted: string): string | null {
  const address = pasted.trim()
  if (!/^https?:\/\/[^\s<>]+$/.test(address) || !/^[^\s[\]](?:[^[\]\n]*[^\s[\]])?$/.test(words)) return null
  if (/^https?:\/\//.test(words)) return null
  return `[${words}](${address.replaceAll("(", "%28").replaceAll(")", "%29")})`
}
