/** The panel of people beside the messages; the list in it is downloaded when it is first opened. */
import { X } from "lucide"
import { useEffect } from "react"
import { useWords } from "../context.ts"
import { IconButton } from "../kit/IconButton.tsx"
import { Lazy } from "../kit/Lazy.tsx"
import { people } from "../parts.ts"

export function People({ onClose }: { onClose: () => void }) {
  const t = useWords()
  useEscape(onClose)
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

function useEscape(onClose: () => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: onClose is new with every rendering
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && document.querySelector("dialog[open]") === null) onClose()
    }
    addEventListener("keydown", onKey)
    return () => removeEventListener("keydown", onKey)
  }, [])
}
