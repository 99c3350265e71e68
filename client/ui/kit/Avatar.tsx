/** A member's sign: initials on a colour that always is the same for the same name. */
const COLOURS = 8

export function Avatar({ name, small = false, online }: { name: string; small?: boolean; online?: boolean }) {
  const presence = online === undefined ? "" : online ? " avatar--online" : " avatar--offline"
  return (
    <span
      className={`avatar avatar--colour-${colourOf(name)}${small ? " avatar--small" : ""}${presence}`}
      aria-hidden="true"
    >
      {initials(name)}
    </span>
  )
}

export function colourOf(name: string): number {
  let sum = 0
  for (const character of name.toLowerCase()) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973
  return sum % COLOURS
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  return letters
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toUpperCase()
}
