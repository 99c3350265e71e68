/** Who is here and who is not, and what an admin may do about it. */
import { UserMinus } from "lucide"
import type { Member } from "../../core/protocol.ts"
import { useChatState, useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { Avatar } from "../kit/Avatar.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { untranslated } from "../kit/untranslated.ts"
import { roving } from "../kit/useRoving.ts"
import { Secured } from "./Secured.tsx"
import { StatusSign } from "./StatusSign.tsx"

export function PeopleList() {
  const t = useWords()
  const members = useChatState(({ room }) => room.members)
  const all = Object.values(members).toSorted((a, b) => a.name.localeCompare(b.name, t.language))
  const here = all.filter(({ online }) => online)
  const away = all.filter(({ online, role }) => !online && role !== "bot")
  const bots = all.filter(({ role }) => role === "bot")
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears the keys of the items inside
    <div className="people__groups" onKeyDown={roving}>
      <Group title={t("people.here", { count: here.length })} members={here} first />
      {away.length > 0 && <Group title={t("people.away", { count: away.length })} members={away} />}
      {bots.length > 0 && <Group title={t("people.bots", { count: bots.length })} members={bots} />}
    </div>
  )
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
    <li className="person">
      <button className="person__open" type="button" data-roving="" data-member={id} tabIndex={stop ? 0 : -1}>
        <Avatar name={name} small online={role === "bot" ? undefined : online} />
        <span className="person__name" ref={untranslated}>
          {name}
        </span>
        <StatusSign member={id} />
      </button>
      <Secured member={id} />
      {id === me.id && <span className="person__you">{t("people.you")}</span>}
      {role !== "member" && <span className="role">{t(`role.${role}`)}</span>}
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
