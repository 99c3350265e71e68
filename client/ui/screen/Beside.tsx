/** What happens beside the conversation. Reading and writing do not wait for it: it is downloaded when the chat has come. */
import { useOffer } from "../recovery/useOffer.ts"
import { useCopying } from "../timeline/copied.ts"
import { LiveRegion } from "../timeline/LiveRegion.tsx"
import { useFiles } from "./useFiles.ts"
import { useFocusKept } from "./useFocusKept.ts"
import { useNotifications } from "./useNotifications.ts"
import { useShortcuts } from "./useShortcuts.ts"

export { CharactersLeft, PasteCut } from "../composer/CharactersLeft.tsx"
export { EmojiPopover } from "../emoji/EmojiPopover.tsx"
export { Failed } from "../message/Failed.tsx"
export { Typing } from "../timeline/Typing.tsx"
export { WaysBack } from "../timeline/WaysBack.tsx"
export { UpdatePrompt } from "../UpdatePrompt.tsx"
export { NoticeList } from "./NoticeList.tsx"

export function Beside() {
  useNotifications()
  useCopying()
  useFiles()
  useFocusKept()
  useShortcuts()
  useOffer()
  return <LiveRegion />
}
