/** The sign of a member whose name is secured. */
import { useChatState, useWords } from "../context.ts"

export function Secured({ member }: { member: string }) {
  const t = useWords()
  const secured = useChatState(({ room }) => room.members[member]?.secured)
  return secured ? <span className="secured" role="img" aria-label={t("secured")} title={t("secured")} /> : null
}
