/** Why a picture or film is not shown, and what can be done about it. */
import { ImageOff } from "lucide"
import type { FileInfo, Files } from "../../core/files/types.ts"
import { useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Icon } from "../kit/Icon.tsx"
import { useSaving } from "./opening.ts"
import type { Problem } from "./pictures.ts"

interface TroubleProps {
  readonly engine: Files
  readonly file: FileInfo
  readonly problem: Problem
  readonly onRetry: () => void
}

export function Trouble({ engine, file, problem, onRetry }: TroubleProps) {
  const t = useWords()
  const saving = useSaving(engine.downloads, file)
  return (
    <div className="trouble">
      <Icon of={ImageOff} />
      <span className="trouble__words">{t(`files.problem.${saving.problem ?? problem}`)}</span>
      {problem === "unshown" ? (
        <Button small busy={saving.come !== null} onClick={saving.save}>
          {t("files.save")}
        </Button>
      ) : (
        problem !== "gone" && (
          <Button small onClick={onRetry}>
            {t("retry")}
          </Button>
        )
      )}
    </div>
  )
}
