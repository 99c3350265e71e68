/** A link with which the member signs in on another device of theirs. It is made when the dialog opens. */
import { useEffect } from "react"
import { useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { clockTime, useWait } from "../login/useWait.ts"
import { useRefusalWords } from "../recovery/useRefusalWords.ts"
import { LinkBox } from "./LinkBox.tsx"
import { useMaking } from "./useMaking.ts"

/** docs/protocol.md, "Invites". By this device's clock: it may be wrong, and a countdown is not. */
const LASTS_MS = 600_000

export function DeviceLinkDialog({ onClose }: { onClose: () => void }) {
  const t = useWords()
  const refusalWords = useRefusalWords()
  const { made, refusal, busy, make } = useMaking()
  const left = useWait(made === null ? null : made.made_at + LASTS_MS)
  useEffect(() => void make({ kind: "device" }), [make])
  const again = () => void make({ kind: "device" })
  return (
    <Dialog title={t("devices.link")} onClose={onClose} wide>
      <div className="form">
        <p>{t("invites.deviceText")}</p>
        {made !== null && left > 0 && (
          <>
            <LinkBox key={made.link} link={made.link} words={null} />
            <p className="field__hint" key={left}>
              {t("confirm.left", { time: clockTime(left) })}
            </p>
          </>
        )}
        {made === null && refusal === null && <p role="status">{t("loading")}</p>}
        {refusal !== null && <p role="alert">{refusalWords(refusal, "invites")}</p>}
        {(refusal !== null || (made !== null && left === 0)) && (
          <>
            {refusal === null && <p role="status">{t("invites.deviceOver")}</p>}
            <div className="form__buttons">
              <Button kind="primary" busy={busy} onClick={again}>
                {t("invites.deviceAgain")}
              </Button>
            </div>
          </>
        )}
      </div>
    </Dialog>
  )
}
