/** A link that is shown this once: to copy, to hand on, to be scanned. */
import { Share2 } from "lucide"
import { useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { CopyField } from "../kit/CopyField.tsx"
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
  const t = useWords()
  // Whoever closes the sheet of the system has changed their mind.
  const share = () => void navigator.share({ text: words ?? "", url: link }).catch(() => undefined)
  return (
    <div className="invite-link">
      <CopyField label={t("invites.link")} value={link} copy={t("invites.copy")}>
        {words !== null && "share" in navigator && (
          <Button onClick={share}>
            <Icon of={Share2} /> {t("invites.share")}
          </Button>
        )}
      </CopyField>
      <div ref={untranslated}>
        <Lazy part={qrCode} props={{ link, isOwn: words === null }} />
      </div>
    </div>
  )
}
