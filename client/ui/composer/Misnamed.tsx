/** An `@name` that is nobody's, with the names that may be meant. */
import { type RefObject, useMemo } from "react"
import { misnamedIn, placeOf } from "../../core/misnamed.ts"
import { useChatState, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { insertText } from "./insertText.ts"

interface MisnamedProps {
  readonly area: RefObject<HTMLTextAreaElement | null>
  readonly text: string
}

const SHOWN = 3

export function Misnamed({ area, text }: MisnamedProps) {
  const t = useWords()
  const members = useChatState(({ room }) => room.members)
  const misnamed = useMemo(() => misnamedIn(text, Object.values(members)), [text, members])
  if (misnamed === null) return null
  const correct = (name: string) => {
    const field = area.current
    const at = placeOf(misnamed.typed, text)
    if (field !== null && at !== null) insertText(field, at, at + misnamed.typed.length, `@${name}`)
  }
  return (
    <>
      {t("mention.nobody", { name: misnamed.typed.slice(1) })}
      {misnamed.meant.slice(0, SHOWN).map(({ id, name }) => (
        <Button key={id} kind="quiet" small onClick={() => correct(name)}>
          @{name}
        </Button>
      ))}
    </>
  )
}
