/** A member's card: who they are, and how to reach them. It stands beside what was pressed, where there is room. */
import { AtSign, MessageCircle, Moon, NotebookPen, UserPen, UserPlus } from "lucide"
import { useState } from "react"
import { keepersOf } from "../../core/keepers.ts"
import { nameOf } from "../../core/room.ts"
import { roleOnCard } from "../administration/parts.ts"
import { insertText } from "../composer/insertText.ts"
import { useChatState, useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { disturbing } from "../disturb/parts.ts"
import { Avatar } from "../kit/Avatar.tsx"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { FieldError } from "../kit/FieldError.tsx"
import { Icon } from "../kit/Icon.tsx"
import { Quiet } from "../kit/Quiet.tsx"
import { useRole } from "../people/Role.tsx"
import { StatusLine } from "../people/StatusLine.tsx"
import { ownProfile } from "../profile/parts.ts"
import { useRefusalWords } from "../recovery/useRefusalWords.ts"
import { AboutBot } from "./AboutBot.tsx"
import { DaysHere } from "./DaysHere.tsx"
import { SecureStep } from "./SecureStep.tsx"
import { useDirect } from "./useDirect.ts"
import { usePerson } from "./usePerson.ts"

interface PersonDialogProps {
  readonly id: string
  readonly at: DOMRect | null
  readonly onClose: () => void
}

export function PersonDialog({ id, at, onClose }: PersonDialogProps) {
  const t = useWords()
  const dialogs = useDialogs()
  const openDirect = useDirect()
  const refusalWords = useRefusalWords()
  const room = useChatState((state) => state.room)
  const channel = useChatState((state) => state.room.channels[state.opened?.channel ?? ""])
  const role = useRole(id)
  const [securing, setSecuring] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const { me } = room
  const member = room.members[id]
  const person = usePerson(id, member?.role)
  const name = nameOf(room, id) ?? t("member.gone")
  const isMe = id === me.id
  const allowed = { everyone: true, "with-admins": me.role === "admin" || member?.role === "admin" }
  const mayWrite = isMe || (member?.role !== "bot" && allowed[room.direct_messages as keyof typeof allowed] === true)
  const write = async () => {
    if (!me.secured) return setSecuring(true)
    const code = await openDirect([id])
    if (code === null) onClose()
    else setRefusal(code)
  }
  const mention = () => {
    onClose()
    requestAnimationFrame(() => {
      const area = document.querySelector<HTMLTextAreaElement>(".composer__text")
      area?.focus()
      if (area) insertText(area, area.selectionStart, area.selectionEnd, `@${name} `)
    })
  }
  const mayAdd =
    channel?.kind === "private" && keepersOf(room, channel).includes(me.id) && !channel.members.includes(id)
  const facts = [role, member?.secured ? t("lanes.isSecured") : null, isMe ? t("people.you") : null].filter(Boolean)
  return (
    <Dialog title={name} look="card" at={at} onClose={onClose}>
      <div className="card__face">
        <Avatar name={name} online={member?.role === "bot" ? undefined : member?.online} />
      </div>
      {facts.length > 0 && <p className="card__facts">{facts.join(" · ")}</p>}
      <DaysHere days={person?.days ?? null} member={member} />
      <StatusLine member={id} />
      {member?.role === "bot" && <AboutBot bot={member} />}
      {member !== undefined && !securing && room.hasLanes && (
        <div className="card__buttons">
          {mayWrite && (isMe || member.secured) && (
            <Button kind="primary" onClick={() => void write()}>
              <Icon of={isMe ? NotebookPen : MessageCircle} /> {t(isMe ? "notes" : "lanes.write")}
            </Button>
          )}
          {isMe ? (
            <>
              <Button onClick={() => dialogs.show({ kind: "part", part: ownProfile, title: t("lanes.profile") })}>
                <Icon of={UserPen} /> {t("lanes.profile")}
              </Button>
              <Button onClick={() => dialogs.show({ kind: "part", part: disturbing, title: t("disturb") })}>
                <Icon of={Moon} /> {t("disturb")}
              </Button>
            </>
          ) : (
            <Button onClick={mention}>
              <Icon of={AtSign} /> {t("lanes.mention")}
            </Button>
          )}
          {mayAdd && member.secured && (
            <Button onClick={() => dialogs.show({ kind: "add", channel: channel.id, members: [id] })}>
              <Icon of={UserPlus} /> {t("lanes.addHere")}
            </Button>
          )}
        </div>
      )}
      {me.role === "admin" && !isMe && member && member.role !== "bot" && (
        <div className="card__role">
          {typeof person?.made_admin === "boolean" && (
            <Quiet part={roleOnCard} props={{ id, made_admin: person.made_admin }} />
          )}
        </div>
      )}
      {securing && <SecureStep />}
      {room.hasLanes && !isMe && mayWrite && member?.secured === false && (
        <p className="field__hint">{t("lanes.notYet", { name })}</p>
      )}
      <FieldError>{refusal !== null && refusalWords(refusal, "lanes")}</FieldError>
    </Dialog>
  )
}
