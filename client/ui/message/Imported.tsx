/** The sign beside the time of a message that was said elsewhere and brought here: by whom, and when. */
import type { Said } from "../../core/protocol.ts"
import { nameOf } from "../../core/room.ts"
import { useChatState, useWords } from "../context.ts"

export function Imported({ message }: { readonly message: Said }) {
  const { imported_at = 0, imported_by = "" } = message
  const t = useWords()
  const name = useChatState(({ room }) => nameOf(room, imported_by)) ?? t("member.gone")
  const note = t("message.imported", { name, date: t.moment(imported_at) })
  return (
    <span role="img" aria-label={note} title={note}>
      {" ↓"}
    </span>
  )
}
