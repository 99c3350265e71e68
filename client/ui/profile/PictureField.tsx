/** A picture as it is, another one from this device in its place, or none. It is stored at once. */
import { ImageUp, Trash2 } from "lucide"
import { type ReactNode, useId, useState } from "react"
import { smallPicture } from "../../browser/smallPicture.ts"
import { useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { FieldError } from "../kit/FieldError.tsx"
import { Icon } from "../kit/Icon.tsx"
import { useThere } from "../kit/useThere.ts"
import { useRefusalWords } from "../recovery/useRefusalWords.ts"
import { pickPicture } from "./pickPicture.ts"

interface PictureFieldProps {
  /** The picture as others see it now. */
  readonly children: ReactNode
  readonly has: boolean
  readonly hint: string
  /** Stores a picture, null for none: the refusal's code, or null. */
  readonly onChange: (picture: string | null) => Promise<string | null>
}

export function PictureField({ children, has, hint, onChange }: PictureFieldProps) {
  const t = useWords()
  const there = useThere()
  const refusalWords = useRefusalWords()
  const id = useId()
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)
  const change = async (made: () => Promise<string | null>, failed: string) => {
    setBusy(true)
    setTrouble(null)
    const picture = await made()
    const code = picture === null && failed !== "" ? failed : await onChange(picture)
    if (!there.current) return
    setBusy(false)
    setTrouble(code)
  }
  const choose = () => pickPicture((file) => void change(() => smallPicture(file), "unreadable"))
  const remove = () => void change(() => Promise.resolve(null), "")
  return (
    <div className="picture-field">
      <div className={`picture-field__face${busy ? " picture-field__face--busy" : ""}`}>{children}</div>
      <div className="picture-field__words">
        <div className="form__buttons">
          <Button busy={busy} disabled={busy} onClick={choose}>
            <Icon of={ImageUp} /> {t(has ? "profile.another" : "profile.choose")}
          </Button>
          {has && (
            <Button kind="quiet" disabled={busy} onClick={remove}>
              <Icon of={Trash2} /> {t("profile.remove")}
            </Button>
          )}
        </div>
        <p className="field__hint" id={id} role="status">
          {busy ? <span key="busy">{t("profile.busy")}</span> : <span key="hint">{hint}</span>}
        </p>
        <FieldError>
          {trouble !== null && (trouble === "unreadable" ? t("profile.unreadable") : refusalWords(trouble))}
        </FieldError>
      </div>
    </div>
  )
}
