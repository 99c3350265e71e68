/** What an admin may change of somebody's role: only they are told. */
import type { Chat } from "./chat.ts"
import { Refused } from "./requests.ts"

/** Whether an admin made this member one, which admins may take back; null: it could not be had. */
export async function fetchMadeAdmin(chat: Pick<Chat, "ask">, id: string): Promise<boolean | null> {
  const answer = await chat.ask({ type: "person", id })
  return answer instanceof Refused || answer.type !== "person" ? null : answer.made_admin
}
