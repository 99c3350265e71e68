/** A member's picture or the room's. It lies over what stands there without one: while it comes, and where it does not, that is seen. */
import { useApp } from "../context.ts"

export function SmallPicture({ id }: { id: string }) {
  const { room } = useApp().entrance
  return <img key={id} className="avatar__picture" src={`/api/rooms/${room}/pictures/${id}`} alt="" />
}
