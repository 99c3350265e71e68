/** The words of what is said in passing, each with a way to close it. */
import { X } from "lucide"
import { useChat, useChatState, useWords } from "../context.ts"
import { IconButton } from "../kit/IconButton.tsx"
import { useRefusalWords } from "../recovery/useRefusalWords.ts"

/** As many as are said at a time; the newest. */
const MOST = 5

export function NoticeList() {
  const t = useWords()
  const chat = useChat()
  const refusalWords = useRefusalWords()
  const notices = useChatState((state) => state.notices)
  // A school class that comes by one link does not cover the page.
  return notices.slice(-MOST).map(({ id, code, name = "", by = "" }) => {
    const key = `notice.${code}`
    const words = t.has(key) ? t(key, { name, by }) : refusalWords(code)
    return (
      <div key={id} className="notice">
        <span>{words}</span>
        <IconButton icon={X} name={t("close")} onClick={() => chat.dismiss(id)} />
      </div>
    )
  })
}
