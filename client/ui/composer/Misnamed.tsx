/** An `@name` that is nobody's, with the names that may be meant; or that of somebody who will not see it. */
import { type RefObject, useMemo } from "react"
import { keepersOf } from "../../core/keepers.ts"
import { mentionsIn } from "../../core/mentions.ts"
import { misnamedIn, placeOf } from "../../core/misnamed.ts"
import { isLane } from "../../core/room.ts"
import { useChatState, useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { Button } from "../kit/Button.tsx"
import { insertText } from "./insertText.ts"

interface MisnamedProps {
  readonly area: RefObject<HTMLTextAreaElement | null>
  readonly text: string
}

const SHOWN = 3

export function Misnamed({ area, text }: MisnamedProps) {
  const t = useWords()
  const members = useChatState(({ room }) => room.members)
  const misnamed = useMemo(() => misnamedIn(text, Object.values(members)), [text, members])
  const absent = useAbsent(text)
  if (absent !== null) return <Absent member={absent} />
  if (misnamed === null) return null
  const correct = (name: string) => {
    const field = area.current
    const at = placeOf(misnamed.typed, text)
    if (field !== null && at !== null) insertText(field, at, at + misnamed.typed.length, `@${name}`)
  }
  return (
    <>
      {t("mention.nobody", { name: misnamed.typed.slice(1) })}
      {misnamed.meant.slice(0, SHOWN).map(({ id, name }) => (
        <Button key={id} kind="quiet" small onClick={() => correct(name)}>
          @{name}
        </Button>
      ))}
    </>
  )
}

/** Somebody who is mentioned and does not read along; null: all do. */
function useAbsent(text: string): string | null {
  const room = useChatState((state) => state.room)
  const channel = useChatState((state) => state.room.channels[state.opened?.channel ?? ""])
  const lane = channel !== undefined && isLane(channel) ? channel : null
  return useMemo(
    () =>
      lane === null
        ? null
        : (mentionsIn(text, Object.values(room.members)).find((id) => !lane.members.includes(id)) ?? null),
    [text, room.members, lane],
  )
}

function Absent({ member }: { member: string }) {
  const t = useWords()
  const dialogs = useDialogs()
  const name = useChatState(({ room }) => room.members[member]?.name ?? "")
  const channel = useChatState(({ room, opened }) => {
    const found = room.channels[opened?.channel ?? ""]
    return found?.kind === "private" && keepersOf(room, found).includes(room.me.id) ? found.id : null
  })
  return (
    <>
      {t("mention.absent", { name })}
      {channel !== null && (
        <Button kind="quiet" small onClick={() => dialogs.show({ kind: "add", channel, members: [member] })}>
          {t("mention.add", { name })}
        </Button>
      )}
    </>
  )
}
