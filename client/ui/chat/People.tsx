/** Who belongs to the room, who is here, and what an admin may do about it. */
import { UserMinus, X } from "lucide"
import { useEffect } from "react"
import type { Member } from "../../core/protocol.ts"
import { useChatState, useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { Avatar } from "../kit/Avatar.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { roving } from "../kit/useRoving.ts"

export function People({ onClose }: { onClose: () => void }) {
  const t = useWords()
  useEscape(onClose)
  const members = useChatState(({ room }) => room.members)
  const all = Object.values(members).toSorted((a, b) => a.name.localeCompare(b.name, t.language))
  const here = all.filter(({ online }) => online)
  const away = all.filter(({ online }) => !online)
  return (
    <aside className="people" aria-label={t("people")}>
      <header className="people__header">
        <h2 className="people__title">{t("people")}</h2>
        <IconButton icon={X} name={t("close")} onClick={onClose} />
      </header>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: hears the keys of the items inside */}
      <div className="people__groups" onKeyDown={roving}>
        <Group title={t("people.here", { count: here.length })} members={here} first />
        {away.length > 0 && <Group title={t("people.away", { count: away.length })} members={away} />}
      </div>
    </aside>
  )
}

function useEscape(onClose: () => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: onClose is new with every rendering
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && document.querySelector("dialog[open]") === null) onClose()
    }
    addEventListener("keydown", onKey)
    return () => removeEventListener("keydown", onKey)
  }, [])
}

function Group({ title, members, first = false }: { title: string; members: readonly Member[]; first?: boolean }) {
  return (
    <section>
      <h3 className="people__label">{title}</h3>
      <ul className="people__list">
        {members.map((member, index) => (
          <Person key={member.id} member={member} stop={first && index === 0} />
        ))}
      </ul>
    </section>
  )
}

function Person({ member, stop }: { member: Member; stop: boolean }) {
  const t = useWords()
  const dialogs = useDialogs()
  const me = useChatState(({ room }) => room.me)
  const { id, name, role, online } = member
  return (
    <li className="person" data-roving="" tabIndex={stop ? 0 : -1}>
      <Avatar name={name} small online={online} />
      <span className="person__name">{name}</span>
      {id === me.id && <span className="person__you">{t("people.you")}</span>}
      {role === "admin" && <span className="role">{t("role.admin")}</span>}
      {me.role === "admin" && id !== me.id && (
        <IconButton
          icon={UserMinus}
          kind="danger"
          name={t("member.remove", { name })}
          onClick={() => dialogs.show({ kind: "remove", member: id })}
        />
      )}
    </li>
  )
}
