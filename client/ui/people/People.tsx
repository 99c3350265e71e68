/** The panel of people beside the messages; the list in it is downloaded when it is first opened. */
import { X } from "lucide"
import { useWords } from "../context.ts"
import { IconButton } from "../kit/IconButton.tsx"
import { Lazy } from "../kit/Lazy.tsx"
import { useEscape } from "../kit/useEscape.ts"
import { people } from "../parts.ts"

export function People({ onClose }: { onClose: () => void }) {
  const t = useWords()
  useEscape(true, onClose)
  return (
    <aside className="people" aria-label={t("people")}>
      <header className="people__header">
        <h2 className="people__title">{t("people")}</h2>
        <IconButton icon={X} name={t("close")} onClick={onClose} />
      </header>
      <Lazy part={people} props={{}} />
    </aside>
  )
}
