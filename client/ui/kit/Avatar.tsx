/** A member's sign: initials on a colour that distinguishes the members of a room. */
import { colourIn } from "../../core/colours.ts"
import { useChatState } from "../context.ts"
import { untranslated } from "./untranslated.ts"

interface AvatarProps {
  readonly name: string
  readonly small?: boolean
  readonly online?: boolean | undefined
  /** Whose card opens with a click on it (screen/usePresses.ts). */
  readonly member?: string
}

export function Avatar({ name, small = false, online, member }: AvatarProps) {
  const colour = useChatState(({ room }) => colourIn(room.members, name))
  const presence = online === undefined ? "" : online ? " avatar--online" : " avatar--offline"
  return (
    <span
      className={`avatar avatar--colour-${colour}${small ? " avatar--small" : ""}${presence}`}
      ref={untranslated}
      data-member={member}
      aria-hidden="true"
    >
      {initials(name)}
    </span>
  )
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  return letters
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toUpperCase()
}
