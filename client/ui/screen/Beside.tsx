/** What happens beside the conversation. Reading and writing do not wait for it: it is downloaded when the chat has come. */
import { useDrafts } from "../composer/useDrafts.ts"
import { Dialogs } from "../dialogs/Dialogs.tsx"
import { DropTarget } from "../files/DropTarget.tsx"
import { useOffer } from "../recovery/useOffer.ts"
import { useCopying } from "../timeline/copied.ts"
import { LiveRegion } from "../timeline/LiveRegion.tsx"
import { useFocusKept } from "./useFocusKept.ts"
import { useHeard } from "./useHeard.ts"
import { useNotifications } from "./useNotifications.ts"
import { usePresses } from "./usePresses.ts"
import { useShortcuts } from "./useShortcuts.ts"
import { useTitle } from "./useTitle.ts"

export { ReplyBar } from "../composer/ReplyBar.tsx"
export { ToolsPlace } from "../composer/ToolsPlace.tsx"
export { MoonSign } from "../disturb/MoonSign.tsx"
export { InviteButton } from "../invites/InviteButton.tsx"
export { LaneSections } from "../lanes/LaneSections.tsx"
export { Reading } from "../lanes/Reading.tsx"
export { CopyCode } from "../message/CopyCode.tsx"
export { MessageActions } from "../message/MessageActions.tsx"
export { People } from "../people/People.tsx"
export { StatusSign } from "../people/StatusSign.tsx"
export { SendLater } from "../scheduling/SendLater.tsx"
export { ItemSigns } from "../sidebar/ItemSigns.tsx"
export { NextUnread } from "../sidebar/NextUnread.tsx"
export { OutOfSight } from "../sidebar/OutOfSight.tsx"
export { Places } from "../sidebar/Places.tsx"
export { SidebarTools } from "../sidebar/SidebarTools.tsx"
export { OverTimeline } from "../timeline/OverTimeline.tsx"
export { Typing } from "../timeline/Typing.tsx"
export { HeaderTools } from "./HeaderTools.tsx"
export { NoticeList } from "./NoticeList.tsx"

export function Beside({ title }: { readonly title: string }) {
  useTitle(title)
  useShortcuts()
  usePresses()
  useNotifications()
  useHeard(title)
  useDrafts()
  useCopying()
  useFocusKept()
  useOffer()
  return (
    <>
      <LiveRegion />
      <DropTarget />
      <Dialogs />
    </>
  )
}
