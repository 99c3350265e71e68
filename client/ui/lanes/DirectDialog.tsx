/** Whom to talk with directly: one person, several, or oneself. */
import { NotebookPen } from "lucide"
import { type FormEvent, useState } from "react"
import { useChatState, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { FieldError } from "../kit/FieldError.tsx"
import { Icon } from "../kit/Icon.tsx"
import { useRefusalWords } from "../recovery/useRefusalWords.ts"
import { PeopleField } from "./PeopleField.tsx"
import { SecureStep } from "./SecureStep.tsx"
import { useDirect } from "./useDirect.ts"

/** Besides oneself. */
const MOST = 8

export function DirectDialog({ given, onClose }: { given: readonly string[]; onClose: () => void }) {
  const t = useWords()
  const openDirect = useDirect()
  const refusalWords = useRefusalWords()
  const me = useChatState(({ room }) => room.me)
  const members = useChatState(({ room }) => room.members)
  const onlyAdmins = useChatState(({ room }) => room.direct_messages === "with-admins" && room.me.role !== "admin")
  const isOff = useChatState(({ room }) => room.direct_messages === "off")
  const [chosen, setChosen] = useState(given)
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const others = Object.values(members).filter(({ id, role }) => id !== me.id && (!onlyAdmins || role === "admin"))
  const begin = async (people: readonly string[]) => {
    setBusy(true)
    const code = await openDirect(people)
    setBusy(false)
    if (code === null) onClose()
    else setRefusal(code)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (chosen.length > 0 && !busy) void begin(chosen)
  }
  return (
    <Dialog title={t("lanes.newDirect")} onClose={onClose}>
      {me.secured ? (
        <form className="form" noValidate onSubmit={submit}>
          {isOff ? (
            <p>{t("lanes.off")}</p>
          ) : (
            <PeopleField
              label={t("lanes.with")}
              people={others}
              chosen={chosen}
              onChosen={setChosen}
              most={MOST}
              focused
            />
          )}
          {onlyAdmins && <p className="field__hint">{t("lanes.onlyAdmins")}</p>}
          <FieldError>{refusal !== null && refusalWords(refusal, "lanes")}</FieldError>
          <div className="form__buttons">
            <Button onClick={() => void begin([me.id])}>
              <Icon of={NotebookPen} /> {t("notes")}
            </Button>
            {!isOff && (
              <Button kind="primary" type="submit" busy={busy} disabled={chosen.length === 0}>
                {t("lanes.begin")}
              </Button>
            )}
          </div>
        </form>
      ) : (
        <SecureStep />
      )}
    </Dialog>
  )
}
