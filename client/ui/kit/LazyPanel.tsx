/** A panel beside the channel, which somebody asked for: until it is here, one with its title says what is the matter. */
import { X } from "lucide"
import { useWords } from "../context.ts"
import { IconButton } from "./IconButton.tsx"
import { type LazyProps, Waiting } from "./Lazy.tsx"
import { usePart } from "./part.ts"

interface LazyPanelProps<P> extends LazyProps<P> {
  readonly title: string
  readonly className: string
  readonly onClose: () => void
}

export function LazyPanel<P extends object>({ part: wanted, props, title, className, onClose }: LazyPanelProps<P>) {
  const t = useWords()
  const { Ready, ...waiting } = usePart(wanted)
  if (Ready !== null) return <Ready {...props} />
  return (
    <aside className={className} aria-label={title}>
      <header className="people__header">
        <h2 className="people__title">{title}</h2>
        <IconButton icon={X} name={t("close")} onClick={onClose} />
      </header>
      <div className="people__waiting">
        <Waiting {...waiting} />
      </div>
    </aside>
  )
}
