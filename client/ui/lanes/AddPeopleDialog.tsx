/** Who comes into a private channel as well, and what they see of its past. */
import { type FormEvent, useState } from "react"
import type { Past } from "../../core/protocol.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { FieldError } from "../kit/FieldError.tsx"
import { useThere } from "../kit/useThere.ts"
import { useRefusalWords } from "../recovery/useRefusalWords.ts"
import { PastChoice } from "./PastChoice.tsx"
import { PeopleField } from "./PeopleField.tsx"

interface AddPeopleDialogProps {
  readonly id: string
  readonly given: readonly string[]
  readonly onClose: () => void
}

/** As many as are in a private channel at most (docs/protocol.md, "Limits"). */
export const MOST_IN_LANE = 200

export function AddPeopleDialog({ id, given, onClose }: AddPeopleDialogProps) {
  const t = useWords()
  const chat = useChat()
  const there = useThere()
  const refusalWords = useRefusalWords()
  const channel = useChatState(({ room }) => room.channels[id])
  const members = useChatState(({ room }) => room.members)
  const [chosen, setChosen] = useState(given)
  const [past, setPast] = useState<Past>("none")
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const inside = channel?.members ?? []
  const others = Object.values(members).filter((member) => !inside.includes(member.id))
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy || chosen.length === 0) return
    setBusy(true)
    const code = await chat.change({ type: "channel.add", id, members: chosen, history: past })
    setBusy(false)
    if (code === null) onClose()
    else if (there.current) setRefusal(code)
    else chat.showNotice(code)
  }
  return (
    <Dialog title={t("lanes.addTo", { name: channel?.name ?? "" })} onClose={onClose}>
      <form className="form" noValidate onSubmit={(event) => void submit(event)}>
        <PeopleField
          label={t("people")}
          people={others}
          chosen={chosen}
          onChosen={setChosen}
          most={MOST_IN_LANE - inside.length}
          withBots
          focused
        />
        <PastChoice value={past} onChange={setPast} />
        <FieldError>{refusal !== null && refusalWords(refusal, "lanes")}</FieldError>
        <div className="form__buttons">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button kind="primary" type="submit" busy={busy} disabled={chosen.length === 0}>
            {t("lanes.addButton")}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
