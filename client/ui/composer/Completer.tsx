/** What completes a text while it is written, downloaded apart: useCompletion.ts speaks to it, and writing does without. */
import { type Ref, type RefObject, useEffect, useImperativeHandle, useLayoutEffect } from "react"
import { CompletionList } from "./CompletionList.tsx"
import { type Completing, useCompleting } from "./useCompleting.ts"

export { Misnamed } from "./Misnamed.tsx"

export interface CompleterProps {
  readonly area: RefObject<HTMLTextAreaElement | null>
  readonly handle: Ref<Completing>
  /** Which item Enter would take; -1: none of them; null: there is no list. */
  readonly onShown: (chosen: number | null) => void
}

export function Completer({ area, handle, onShown }: CompleterProps) {
  const completing = useCompleting(area)
  const open = completing.items.length > 0
  useImperativeHandle(handle, () => completing)
  const shown = open ? completing.chosen : null
  useLayoutEffect(() => onShown(shown), [shown, onShown])
  // Once, when it has come.
  useEffect(completing.catchUp, [])
  return open ? <CompletionList completion={completing} /> : null
}
