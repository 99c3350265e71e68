/** The words of what is said in passing, each with a way to close it. */
import { X } from "lucide"
import { useChat, useChatState, useWords } from "../context.ts"
import { IconButton } from "../kit/IconButton.tsx"
import { useRefusalWords } from "../recovery/useRefusalWords.ts"

export function NoticeList() {
  const t = useWords()
  const chat = useChat()
  const refusalWords = useRefusalWords()
  const notices = useChatState((state) => state.notices)
  return notices.map(({ id, code, name = "" }) => {
    const key = `notice.${code}`
    const words = t.has(key) ? t(key, { name }) : refusalWords(code)
    return (
      <div key={id} className="notice">
        <span>{words}</span>
        <IconButton icon={X} name={t("close")} onClick={() => chat.dismiss(id)} />
      </div>
    )
  })
}
