/** A member's sign: their picture, or initials on a colour that distinguishes the members of a room. */
import { colourOf, memberNamed } from "../../core/colours.ts"
import { useChatState } from "../context.ts"
import { initials } from "./initials.ts"
import { SmallPicture } from "./SmallPicture.tsx"
import { untranslated } from "./untranslated.ts"

interface AvatarProps {
  readonly name: string
  readonly small?: boolean
  readonly online?: boolean | undefined
  /** Whose card opens with a click on it (screen/usePresses.ts). */
  readonly member?: string
}

export function Avatar({ name, small = false, online, member }: AvatarProps) {
  const named = useChatState(({ room }) => memberNamed(room.members, name))
  const presence = online === undefined ? "" : online ? " avatar--online" : " avatar--offline"
  return (
    <span
      className={`avatar avatar--colour-${colourOf(named, name)}${small ? " avatar--small" : ""}${presence}`}
      ref={untranslated}
      data-member={member}
      aria-hidden="true"
    >
      {initials(name)}
      {named?.picture ? <SmallPicture id={named.picture} /> : null}
    </span>
  )
}
