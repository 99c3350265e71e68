/** Things said in passing; and the question whether somebody may sign in. */
import { X } from "lucide"
import { useChat, useChatState, useWords } from "../context.ts"
import { IconButton } from "../kit/IconButton.tsx"
import { Lazy } from "../kit/Lazy.tsx"
import { question } from "../parts.ts"
import { refusalWords } from "../refusalWords.ts"

export function Notices() {
  const t = useWords()
  const chat = useChat()
  const notices = useChatState((state) => state.notices)
  const asked = useChatState(({ questions }) => questions[0])
  return (
    <>
      {asked !== undefined && <Lazy key={asked.id} part={question} props={{ question: asked }} />}
      <div className="notices" role="status" aria-label={t("notices")}>
        {notices.map(({ id, code, name = "" }) => {
          const key = `notice.${code}`
          const words = t.has(key) ? t(key, { name }) : refusalWords(t, code)
          return (
            <div key={id} className="notice">
              <span>{words}</span>
              <IconButton icon={X} name={t("close")} onClick={() => chat.dismiss(id)} />
            </div>
          )
        })}
      </div>
    </>
  )
}
