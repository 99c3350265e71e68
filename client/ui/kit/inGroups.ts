/** Digits as people read them aloud: "031 872". */
export function inGroups(digits: string): string {
  return digits.replace(/(\d{3})(?=\d)/g, "$1\u00a0")
}
