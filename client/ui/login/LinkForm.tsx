/** Another way in: a link that somebody was sent. An app on a home screen opens none by itself, so it may be pasted here. */
import { type FormEvent, useState } from "react"
import { useApp } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Field } from "../kit/Field.tsx"

/** Where such links lead (core/invites.ts). */
const PAGE = "/join"
/** Longer than what mail filters make of one. */
const MOST_TYPED = 2_000

export function LinkForm({ onBack }: { readonly onBack: () => void }) {
  const { t, ports } = useApp()
  const [link, setLink] = useState("")
  const [isWrong, setIsWrong] = useState(false)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    // A part of one as well: the page for links says what is missing.
    if (link.trim().startsWith(ports.origin + PAGE)) location.assign(link.trim())
    else setIsWrong(true)
  }
  return (
    <form className="login__form" noValidate onSubmit={submit}>
      <h2 className="login__subtitle">{t("link.title")}</h2>
      <Field
        label={t("link.field")}
        value={link}
        onChange={(text) => {
          setLink(text)
          setIsWrong(false)
        }}
        required
        focused
        maxLength={MOST_TYPED}
        hint={t("link.hint")}
        error={isWrong ? t("link.wrong") : null}
      />
      <Button kind="primary" type="submit">
        {t("link.open")}
      </Button>
      <Button kind="quiet" onClick={onBack}>
        {t("link.back")}
      </Button>
    </form>
  )
}
