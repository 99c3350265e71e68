/** What leads to what waits for the member: the next unread channel, other rooms, and what happened around them. */
import { RoomsButton } from "../rooms/RoomsButton.tsx"
import { ActivityButton } from "./ActivityButton.tsx"
import { NextUnread } from "./NextUnread.tsx"

export function SidebarTools() {
  return (
    <>
      <NextUnread />
      <RoomsButton />
      <ActivityButton />
    </>
  )
}
