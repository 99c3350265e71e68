/** The way to the next channel that wants to be read, while there is one besides the one that is open. */
import { MessageSquareDot } from "lucide"
import { GENERAL } from "../../core/contract.ts"
import { calls } from "../../core/listing.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { IconButton } from "../kit/IconButton.tsx"
import { keyNames } from "../kit/keyNames.ts"
import { goToUnread } from "./listed.ts"

export function NextUnread() {
  const t = useWords()
  const chat = useChat()
  const some = useChatState(({ room, opened }) =>
    Object.values(room.channels).some((each) => calls(each) && each.id !== (opened?.channel ?? GENERAL)),
  )
  if (!some) return null
  const name = `${t("channels.unreadNext")} (${keyNames("Alt Shift ↓")})`
  return <IconButton icon={MessageSquareDot} name={name} onClick={() => goToUnread(chat, 1)} />
}
