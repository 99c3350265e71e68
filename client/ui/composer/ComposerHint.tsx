/** What is worth knowing before a message is sent: an `@name` that is nobody's, a paste that was too long. */
import type { RefObject } from "react"
import { Quiet } from "../kit/Quiet.tsx"
import { misnamed } from "../parts.ts"
import { pasteCut } from "../quiet.ts"

interface ComposerHintProps {
  readonly area: RefObject<HTMLTextAreaElement | null>
  readonly text: string
  readonly wasCut: boolean
}

export function ComposerHint({ area, text, wasCut }: ComposerHintProps) {
  const Misnamed = misnamed.ready()
  // Always there: what appears in it is said aloud.
  return (
    <div className="composer__hint" role="status">
      {wasCut ? <Quiet part={pasteCut} props={{}} /> : Misnamed && <Misnamed area={area} text={text} />}
    </div>
  )
}
