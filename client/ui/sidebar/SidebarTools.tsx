/** What leads to what waits for the member: the next unread channel, and what happened around them. */
import { ActivityButton } from "./ActivityButton.tsx"
import { NextUnread } from "./NextUnread.tsx"

export function SidebarTools() {
  return (
    <>
      <NextUnread />
      <ActivityButton />
    </>
  )
}
