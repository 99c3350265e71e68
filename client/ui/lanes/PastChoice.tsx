/** What those who are added see of what was said before. It is stored with the adding, and no later choice shows more. */
import type { Past } from "../../core/protocol.ts"
import { useWords } from "../context.ts"
import { Options } from "./Options.tsx"

export function PastChoice({ value, onChange }: { value: Past; onChange: (value: Past) => void }) {
  const t = useWords()
  const options = [
    { id: "none" as const, name: t("lanes.past.none") },
    { id: "all" as const, name: t("lanes.past.all") },
  ]
  return (
    <Options label={t("lanes.past")} hint={t("lanes.pastHint")} options={options} value={value} onChange={onChange} />
  )
}
