/** A member's sign: their picture, or initials on a colour that distinguishes the members of a room. */
import { colourOf, memberNamed } from "../../core/colours.ts"
import { useApp, useChatState } from "../context.ts"
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
      {named?.picture && <Picture id={named.picture} />}
    </span>
  )
}

/** It lies over what stands there without one: while it comes, and where it does not, that is seen. */
export function Picture({ id }: { id: string }) {
  const { room } = useApp().entrance
  return <img key={id} className="avatar__picture" src={`/api/rooms/${room}/pictures/${id}`} alt="" />
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  return letters
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toUpperCase()
}
