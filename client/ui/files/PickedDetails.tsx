/** What a picture shows, in words, and how large it goes. */
import { useId, useState } from "react"
import type { Picked } from "../../core/files/types.ts"
import { useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"

interface PickedDetailsProps {
  readonly item: Picked
  readonly onDescribe: (alt: string) => void
  readonly onOriginal: (on: boolean) => void
  readonly onClose: () => void
}

const MOST_CHARACTERS = 500

export function PickedDetails({ item, onDescribe, onOriginal, onClose }: PickedDetailsProps) {
  const t = useWords()
  const id = useId()
  const [alt, setAlt] = useState(item.alt)
  return (
    <div className="picked-details">
      <label className="field__label" htmlFor={id}>
        {t("files.describe")}
      </label>
      <div className="field__line">
        <input
          id={id}
          className="field__input"
          value={alt}
          maxLength={MOST_CHARACTERS}
          autoComplete="off"
          placeholder={t("files.describeHint")}
          onInput={({ currentTarget }) => {
            setAlt(currentTarget.value)
            onDescribe(currentTarget.value)
          }}
          onKeyDown={(event) => {
            // The form around it would send the message.
            if (event.key === "Enter") event.preventDefault()
            if (event.key === "Enter" || event.key === "Escape") onClose()
          }}
        />
      </div>
      {item.canBeOriginal && (
        <label className="check">
          <input
            type="checkbox"
            checked={item.isOriginal}
            onChange={({ currentTarget }) => onOriginal(currentTarget.checked)}
          />
          {t("files.original")}
        </label>
      )}
      <Button small onClick={onClose}>
        {t("files.done")}
      </Button>
    </div>
  )
}
