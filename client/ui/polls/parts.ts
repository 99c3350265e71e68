/** Polls are downloaded with the first that is seen, what asks them with the first that is asked. */
import { createElement, type ReactNode } from "react"
import { loadBesideStyles } from "../../browser/besideStyles.ts"
import { loadTexts } from "../../i18n/load.ts"
import { file, type Part, part } from "../kit/part.ts"
import { dialogTexts } from "../parts.ts"

const polls = file(
  async () =>
    (await Promise.all([import("./PollCard.tsx"), loadTexts("beside"), loadTexts("polls"), loadBesideStyles()]))[0],
)
const asking = file(
  async () => (await Promise.all([import("./PollDialog.tsx"), ...dialogTexts(), loadTexts("polls")]))[0],
)

export const pollCard = part(polls, ({ PollCard }) => PollCard)

/** Asks in a channel; `question` may have been begun. */
export function pollIn(channel: string, question = ""): Part<{ readonly onClose: () => void }> {
  // Made once: another component would begin anew whenever the dialog is drawn.
  let made: ((props: { readonly onClose: () => void }) => ReactNode) | null = null
  return part(asking, ({ PollDialog }) => {
    made ??= (props) => createElement(PollDialog, { channel, question, ...props })
    return made
  })
}
