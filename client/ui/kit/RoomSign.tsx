/** The room's own sign, where an admin gave it one: its picture, or letters on its colour. Else the product's. */
import { initials } from "./initials.ts"
import { Mark } from "./Mark.tsx"
import { SmallPicture } from "./SmallPicture.tsx"

interface RoomSignProps {
  readonly title: string
  readonly colour: string
  readonly picture?: string | undefined
  readonly small?: boolean
}

export function RoomSign({ title, colour, picture, small = false }: RoomSignProps) {
  if (!colour && !picture) return <Mark small={small} />
  return (
    <span
      className={`avatar avatar--${colour || "sea"} room-sign${small ? " room-sign--small" : ""}`}
      aria-hidden="true"
    >
      {initials(title)}
      {picture ? <SmallPicture id={picture} /> : null}
    </span>
  )
}
