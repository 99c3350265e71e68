/** Things said in passing; and the question whether somebody may sign in. */
import { useChatState, useWords } from "../context.ts"
import { Lazy } from "../kit/Lazy.tsx"
import { Quiet } from "../kit/Quiet.tsx"
import { question } from "../parts.ts"
import { noticeList } from "../quiet.ts"

export function Notices() {
  const t = useWords()
  const some = useChatState(({ notices }) => notices.length > 0)
  const asked = useChatState(({ questions }) => questions[0])
  return (
    <div className="passing">
      {asked !== undefined && <Lazy key={asked.id} part={question} props={{ question: asked }} />}
      <div className="notices" role="status" aria-label={t("notices")}>
        {some && <Quiet part={noticeList} props={{}} />}
      </div>
    </div>
  )
}
