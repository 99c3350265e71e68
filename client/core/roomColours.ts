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
