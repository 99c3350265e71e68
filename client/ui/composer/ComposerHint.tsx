/** What is worth knowing before a message is sent: an `@name` that is nobody's, a paste that was too long. */
import { type RefObject, useMemo } from "react"
import { misnamedIn, placeOf } from "../../core/mentions.ts"
import { useChatState, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { insertText } from "./insertText.ts"

interface ComposerHintProps {
  readonly area: RefObject<HTMLTextAreaElement | null>
  readonly text: string
  readonly wasCut: boolean
}

const SHOWN = 3

export function ComposerHint({ area, text, wasCut }: ComposerHintProps) {
  const t = useWords()
  const limit = useChatState(({ room }) => room.limits.body_characters)
  const members = useChatState(({ room }) => room.members)
  const misnamed = useMemo(() => misnamedIn(text, Object.values(members)), [text, members])
  const correct = (name: string) => {
    const [field, typed] = [area.current, misnamed?.typed ?? ""]
    const at = placeOf(typed, text)
    if (field !== null && at !== null) insertText(field, at, at + typed.length, `@${name}`)
  }
  // Always there: what appears in it is said aloud.
  return (
    <div className="composer__hint" role="status">
      {wasCut && t("composer.cut", { count: limit })}
      {!wasCut && misnamed !== null && (
        <>
          {t("mention.nobody", { name: misnamed.typed.slice(1) })}
          {misnamed.meant.slice(0, SHOWN).map(({ id, name }) => (
            <Button key={id} kind="quiet" small onClick={() => correct(name)}>
              @{name}
            </Button>
          ))}
        </>
      )}
    </div>
  )
}
