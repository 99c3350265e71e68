/**
 * Somebody signs in: under one's own name (show the code, or refuse), or, for admins, under a member's. It stands beside
 * what one is doing and takes neither the focus nor the keys.
 */
import { X } from "lucide"
import { useId } from "react"
import type { Question as Asked } from "../../core/hub.ts"
import { answer, setAside } from "../../core/questions.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { inGroups } from "../kit/inGroups.ts"
import { untranslated } from "../kit/untranslated.ts"
import { clockTime, useWait } from "../login/useWait.ts"

export function Question({ question }: { question: Asked }) {
  const t = useWords()
  const chat = useChat()
  const title = useId()
  const left = useWait(question.expires_at)
  const device = question.agent || t("device.unknown")
  const own = question.type === "confirmation"
  const name = useChatState(({ room }) => (own ? room.me.name : (room.members[question.member]?.name ?? "")))
  const secured = useChatState(({ room }) => !own && room.members[question.member]?.secured)
  const reply = (approve: boolean) => void answer(chat, question.id, approve)
  return (
    <section className="question" aria-labelledby={title}>
      <header className="question__header">
        <h2 className="question__title" id={title}>
          {t(own ? "question.own.title" : "question.admin.title", { name })}
        </h2>
        <IconButton icon={X} name={t("close")} onClick={() => setAside(chat, question.id)} />
      </header>
      <p role="alert">{t(own ? "question.own.text" : "question.admin.text", { name, device })}</p>
      {secured && <p className="question__warning">{t("question.secured", { name })}</p>}
      {own && (
        <output className="question__code" aria-label={t("confirm.code")} ref={untranslated}>
          {inGroups(question.code)}
        </output>
      )}
      <p>
        {t("question.compare")}{" "}
        <output className="question__compare" ref={untranslated}>
          {inGroups(question.compare)}
        </output>
      </p>
      <div className="question__foot">
        <span key={left} className="question__left">
          {t("confirm.left", { time: clockTime(left) })}
        </span>
        <Button small kind="danger" onClick={() => reply(false)}>
          {t("question.refuse")}
        </Button>
        {!own && (
          <Button small kind="primary" onClick={() => reply(true)}>
            {t("question.approve")}
          </Button>
        )}
      </div>
    </section>
  )
}
