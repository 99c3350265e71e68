/** What the colours are called where a room has one of them (docs/protocol.md, "Looks"), in the order of members' hues. */
export const COLOUR_NAMES = [
  "sea",
  "sun",
  "iris",
  "rose",
  "fir",
  "sky",
  "raspberry",
  "lime",
  "ink",
  "lilac",
  "plum",
  "mint",
] as const

/** The number of a room's colour, the first one without a colour. */
export function colourNamed(name: string): number {
  return Math.max(0, (COLOUR_NAMES as readonly string[]).indexOf(name)) // as: any text may be asked for
}
