/** What happens beside the conversation. Reading and writing do not wait for it: it is downloaded when the chat has come. */
import { LiveRegion } from "../timeline/LiveRegion.tsx"
import { useFiles } from "./useFiles.ts"
import { useFocusKept } from "./useFocusKept.ts"
import { useNotifications } from "./useNotifications.ts"

export { UpdatePrompt } from "../UpdatePrompt.tsx"

export function Beside() {
  useNotifications()
  useFiles()
  useFocusKept()
  return <LiveRegion />
}
