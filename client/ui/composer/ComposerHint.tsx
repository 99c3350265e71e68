/** What is worth knowing before a message is sent: an `@name` that is nobody's, a paste that was too long. */
import type { RefObject } from "react"
import { useChatState, useWords } from "../context.ts"
import { misnamed } from "../parts.ts"

interface ComposerHintProps {
  readonly area: RefObject<HTMLTextAreaElement | null>
  readonly text: string
  readonly wasCut: boolean
}

export function ComposerHint({ area, text, wasCut }: ComposerHintProps) {
  const t = useWords()
  const limit = useChatState(({ room }) => room.limits.body_characters)
  const Misnamed = misnamed.ready()
  // Always there: what appears in it is said aloud.
  return (
    <div className="composer__hint" role="status">
      {wasCut ? t("composer.cut", { count: limit }) : Misnamed && <Misnamed area={area} text={text} />}
    </div>
  )
}
