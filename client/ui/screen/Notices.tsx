/** Things said in passing; and the question whether somebody may sign in. */
import { X } from "lucide"
import { useChat, useChatState, useWords } from "../context.ts"
import { IconButton } from "../kit/IconButton.tsx"
import { Lazy } from "../kit/Lazy.tsx"
import { question } from "../parts.ts"

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
          const refused = `refused.${code}`
          const words = t.has(key) ? t(key, { name }) : t.has(refused) ? t(refused) : t("refused.internal")
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
