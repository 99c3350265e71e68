/** A file in the composer, as a small picture or by its name. */
import { CircleAlert, X } from "lucide"
import type { Picked } from "../../core/files/types.ts"
import { useWords } from "../context.ts"
import { Icon } from "../kit/Icon.tsx"
import { nameOf } from "./altOf.ts"
import { iconOf } from "./FileCard.tsx"
import { FileName } from "./FileName.tsx"
import { useAddress } from "./opening.ts"
import { sizeOf } from "./sizes.ts"

interface PickedItemProps {
  readonly item: Picked
  readonly expanded: boolean
  /** Null: there is nothing to say about it. */
  readonly onOpen: (() => void) | null
  readonly onRemove: () => void
}

export const isPicture = ({ type, stage }: Picked): boolean => type.startsWith("image/") && stage !== "failed"

export function PickedItem({ item, expanded, onOpen, onRemove }: PickedItemProps) {
  const t = useWords()
  const preview = useAddress(item.preview)
  const name = nameOf(t, item.name)
  const words =
    item.problem !== null
      ? t(`files.problem.${item.problem}`)
      : item.stage === "preparing"
        ? t("files.preparingOne")
        : sizeOf(t, item.size)
  return (
    <li className={`picked picked--${item.stage}${preview === null ? "" : " picked--seen"}`}>
      {onOpen !== null && preview !== null ? (
        <button
          className="picked__picture"
          type="button"
          aria-expanded={expanded}
          aria-label={t("files.describeName", { name })}
          title={name}
          onClick={onOpen}
        >
          <img className="picked__image" src={preview} alt={item.alt} />
          {item.alt !== "" && <span className="picked__badge">ALT</span>}
        </button>
      ) : (
        <div className="picked__card">
          <Icon of={item.problem === null ? iconOf(item.type) : CircleAlert} />
          <div className="file-card__words">
            <FileName name={item.name} />
            <span className="file-card__about">{words}</span>
          </div>
        </div>
      )}
      <button
        className="picked__remove"
        type="button"
        title={t("files.remove", { name })}
        aria-label={t("files.remove", { name })}
        onClick={onRemove}
      >
        <Icon of={X} />
      </button>
    </li>
  )
}
