/** The way to a new hook or bot, or why there is none: a room has so many of both together. */
import { Plus } from "lucide"
import { MOST_PROGRAMS } from "../../core/hooks.ts"
import { useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Icon } from "../kit/Icon.tsx"
import { useProgramCount } from "./useProgramCount.ts"

interface NewProgramProps {
  readonly words: string
  /** It is what most who come here want. */
  readonly isUsual?: boolean
  readonly onPress: () => void
}

export function NewProgram({ words, isUsual = false, onPress }: NewProgramProps) {
  const t = useWords()
  if (useProgramCount() >= MOST_PROGRAMS)
    return <p className="field__hint">{t("hooks.full", { count: MOST_PROGRAMS })}</p>
  return (
    <div className="copy-field__ways">
      <Button kind={isUsual ? "primary" : "plain"} onClick={onPress}>
        <Icon of={Plus} /> {words}
      </Button>
    </div>
  )
}
