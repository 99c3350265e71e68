/** A link that is shown this once: to copy, to hand on, to be scanned. */
import { Check, Copy, Share2 } from "lucide"
import { useEffect, useId, useRef, useState } from "react"
import { useApp, useChat } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Icon } from "../kit/Icon.tsx"
import { Lazy } from "../kit/Lazy.tsx"
import { untranslated } from "../kit/untranslated.ts"
import { qrCode } from "./parts.ts"

interface LinkBoxProps {
  readonly link: string
  /** What one says when one hands it on; null: nobody else is to have it. */
  readonly words: string | null
}

export function LinkBox({ link, words }: LinkBoxProps) {
  const { t } = useApp()
  const chat = useChat()
  const field = useRef<HTMLInputElement>(null)
  const id = useId()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    field.current?.focus()
  }, [])
  const copy = () =>
    void navigator.clipboard.writeText(link).then(
      () => setCopied(true),
      () => chat.showNotice("not_copied"),
    )
  // Whoever closes the sheet of the system has changed their mind.
  const share = () => void navigator.share({ text: words ?? "", url: link }).catch(() => undefined)
  return (
    <div className="invite-link">
      <div className="field">
        <label className="field__label" htmlFor={id}>
          {t("invites.link")}
        </label>
        <div className="field__line">
          <input
            ref={field}
            id={id}
            className="field__input invite-link__text"
            readOnly
            value={link}
            dir="ltr"
            onFocus={({ currentTarget }) => currentTarget.select()}
          />
        </div>
      </div>
      <div className="invite-link__ways">
        <Button kind="primary" onClick={copy}>
          <Icon of={copied ? Check : Copy} /> <span key={String(copied)}>{t(copied ? "copied" : "invites.copy")}</span>
        </Button>
        {words !== null && "share" in navigator && (
          <Button onClick={share}>
            <Icon of={Share2} /> {t("invites.share")}
          </Button>
        )}
      </div>
      <p className="for-listeners" role="status">
        {copied && t("copied")}
      </p>
      <div ref={untranslated}>
        <Lazy part={qrCode} props={{ link, isOwn: words === null }} />
      </div>
    </div>
  )
}
