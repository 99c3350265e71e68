/** What leads to what waits for the member elsewhere: the next unread channel, and other rooms. */
import { RoomsButton } from "../rooms/RoomsButton.tsx"
import { NextUnread } from "./NextUnread.tsx"

export function SidebarTools() {
  return (
    <>
      <NextUnread />
      <RoomsButton />
    </>
  )
}
