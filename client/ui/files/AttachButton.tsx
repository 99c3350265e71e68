/** Asks for files to go with the message; on a phone, also for the camera. */
import { Plus } from "lucide"
import { useState } from "react"
import { onGlass } from "../composer/isSendKey.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { Asked } from "../kit/Asked.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { attachMenu, taking } from "./parts.ts"
import { pickFiles } from "./pickFiles.ts"

export function AttachButton({ channel }: { readonly channel: string }) {
  const t = useWords()
  const chat = useChat()
  const isOn = useChatState(({ room }) => room.limits.file_bytes > 0)
  const [open, setOpen] = useState(false)
  const take = (picked: readonly File[]) =>
    void taking.load().then(
      ({ attach }) => attach(chat, channel, picked),
      () => chat.showNotice("unreachable"),
    )
  if (!isOn) return null
  return (
    <>
      <IconButton
        className="composer__attach"
        icon={Plus}
        name={t("composer.attach")}
        {...(onGlass.matches ? { expanded: open } : {})}
        onClick={() => (onGlass.matches ? setOpen(!open) : pickFiles(take))}
      />
      {open && <Asked part={attachMenu} props={{ channel, onTake: take, onClose: () => setOpen(false) }} />}
    </>
  )
}
