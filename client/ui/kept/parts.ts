/** Messages that people keep at hand: their lists are downloaded with the first that is opened. */
import { createElement, type ReactNode } from "react"
import { loadTexts } from "../../i18n/load.ts"
import { file, type Part, part } from "../kit/part.ts"

const kept = file(async () => (await Promise.all([import("./kept.ts"), loadTexts("beside"), loadTexts("kept")]))[0])

export const activity = part(kept, ({ ActivityDialog }) => ActivityDialog, true)
export const pins = part(kept, ({ PinsDialog }) => PinsDialog, true)
export const saved = part(kept, ({ SavedDialog }) => SavedDialog, true)

/** What one message said before. */
export function formerOf(id: string, channel: string): Part<{ readonly onClose: () => void }> {
  // Made once: another component would begin anew whenever the dialog is drawn.
  let made: ((props: { readonly onClose: () => void }) => ReactNode) | null = null
  return part(
    kept,
    ({ FormerDialog }) => {
      made ??= (props) => createElement(FormerDialog, { id, channel, ...props })
      return made
    },
    true,
  )
}
