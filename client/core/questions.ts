/** Answering whether somebody may sign in: downloaded with the question (ui/screen/Question.tsx). */
import type { Chat } from "./chat.ts"

type Asked = Pick<Chat, "store" | "change" | "showNotice">

export async function answer(chat: Asked, question: string, approve: boolean): Promise<void> {
  const refusal = await chat.change({ type: "login.answer", id: question, approve })
  if (refusal !== null) chat.showNotice(refusal)
  setAside(chat, question)
}

/** Closes a question without an answer; its code stays valid. */
export function setAside({ store }: Pick<Chat, "store">, question: string): void {
  store.update((state) => ({ ...state, questions: state.questions.filter(({ id }) => id !== question) }))
}
