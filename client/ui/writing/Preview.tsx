/** What becomes of the text that is being written, by the same rules as in messages. */
import { useEffect, useMemo, useState } from "react"
import { asSent } from "../../core/markdown.ts"
import { mentionsIn } from "../../core/mentions.ts"
import { peopleIn } from "../../core/room.ts"
import { withSmileys } from "../../core/smileys.ts"
import { isEmpty } from "../../core/visible.ts"
import type { ToolsProps } from "../composer/ToolsPlace.tsx"
import { useChanged, useNote } from "../composer/useNote.ts"
import { useChatState, useWords } from "../context.ts"
import { MessageBody } from "../message/MessageContent.tsx"

/** Long enough after a key that it delays none of them. */
const PAUSE_MS = 120

export function Preview({ channel, edits }: Pick<ToolsProps, "channel" | "edits">) {
  const t = useWords()
  const room = useChatState((state) => state.room)
  const [draft] = useNote(`draft:${channel}`)
  const [changed] = useChanged(`edit:${edits?.id}`, edits?.body ?? "")
  const text = edits === undefined ? withSmileys(asSent(draft)) : asSent(changed)
  const body = useRested(text)
  const mentions = useMemo(() => mentionsIn(body, peopleIn(room, channel)), [body, room, channel])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="preview" aria-label={t("tools.preview")} tabIndex={0}>
      {isEmpty(body) ? (
        <p className="preview__nothing">{t("tools.nothing")}</p>
      ) : (
        <MessageBody key={body} body={body} mentions={mentions} edited={null} />
      )}
    </section>
  )
}

/** A value once it has stayed the same for a moment. */
function useRested(value: string): string {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [value])
  return rested
}
