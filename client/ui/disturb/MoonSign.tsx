/** At one's own corner, while one is not to be disturbed: says until when, and leads to where that is changed. */
import { Moon } from "lucide"
import { useChat, useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { disturbing } from "./parts.ts"
import { endWords, useQuiet } from "./useQuiet.ts"

export function MoonSign() {
  const t = useWords()
  const { clock } = useChat()
  const dialogs = useDialogs()
  const { end } = useQuiet()
  if (end === null) return null
  return (
    <IconButton
      icon={Moon}
      name={t("disturb.until", { when: endWords(t, end, clock.now()) })}
      onClick={() => dialogs.show({ kind: "part", part: disturbing, title: t("disturb") })}
    />
  )
}
