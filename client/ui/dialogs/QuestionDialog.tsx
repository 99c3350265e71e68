/** Somebody signs in: under one's own name (show the code, or refuse), or, for admins, under a member's. */
import type { Question } from "../../core/chat.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { inGroups } from "../kit/inGroups.ts"
import { clockTime, useWait } from "../login/useWait.ts"

export function QuestionDialog({ question, onClose }: { question: Question; onClose: () => void }) {
  const t = useWords()
  const chat = useChat()
  const left = useWait(question.expires_at)
  const device = question.agent || t("device.unknown")
  const own = question.type === "confirmation"
  const name = useChatState(({ room }) => (own ? room.me.name : (room.members[question.member]?.name ?? "")))
  const answer = (approve: boolean) => void chat.answer(question.id, approve)
  return (
    <Dialog title={t(own ? "question.own.title" : "question.admin.title", { name })} onClose={onClose}>
      <div className="form">
        <p>{t(own ? "question.own.text" : "question.admin.text", { name, device })}</p>
        {own && (
          <output className="question__code" aria-label={t("confirm.code")}>
            {inGroups(question.code)}
          </output>
        )}
        <p>
          {t("question.compare")} <output className="question__compare">{inGroups(question.compare)}</output>
        </p>
        <p className="field__hint">{t("confirm.left", { time: clockTime(left) })}</p>
        <div className="form__buttons">
          <Button kind="danger" onClick={() => answer(false)}>
            {t("question.refuse")}
          </Button>
          {!own && (
            <Button kind="primary" onClick={() => answer(true)}>
              {t("question.approve")}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  )
}
