/** The button that shows archived channels. */
import { Archive } from "lucide"
import { useWords } from "../context.ts"
import { Icon } from "../kit/Icon.tsx"

interface ArchiveButtonProps {
  readonly count: number
  readonly isOpen: boolean
  readonly onPress: () => void
}

export function ArchiveButton({ count, isOpen, onPress }: ArchiveButtonProps) {
  const t = useWords()
  return (
    <button className="channel-list__more" type="button" aria-expanded={isOpen} onClick={onPress}>
      <Icon of={Archive} />
      {t("channels.archived", { count })}
    </button>
  )
}
