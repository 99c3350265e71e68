/** The button of a form at the door: it says how long to wait, and cannot be pressed while something is going on. */
import type { Work } from "../../core/entrance.ts"
import { useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { clockTime } from "./useWait.ts"

interface SubmitProps {
  /** The id of the form. */
  readonly form: string
  readonly work: Work | null
  /** For how many seconds no attempt makes sense. */
  readonly waiting: number
  readonly children: string
}

export function Submit({ form, work, waiting, children }: SubmitProps) {
  const t = useWords()
  return (
    <Button form={form} kind="primary" type="submit" busy={work !== null} disabled={work !== null || waiting > 0}>
      {waiting > 0 ? t("login.wait", { time: clockTime(waiting) }) : children}
    </Button>
  )
}
