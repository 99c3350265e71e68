/** Who is a member, on how many devices, and when they were last here; whom admins keep out. */
import { useState } from "react"
import type { OverviewMember } from "../../core/administration.ts"
import { useChatState, useWords } from "../context.ts"
import { Bans } from "../dialogs/Bans.tsx"
import { LazyDialog } from "../dialogs/LazyDialog.tsx"
import { RemoveMemberDialog } from "../dialogs/RemoveMemberDialog.tsx"
import { Avatar } from "../kit/Avatar.tsx"
import { Button } from "../kit/Button.tsx"
import { NotLoaded } from "../kit/NotLoaded.tsx"
import { roleDialog } from "./parts.ts"
import { useDay } from "./useDay.ts"
import { useOverview } from "./useOverview.ts"

export function Members() {
  const t = useWords()
  const members = useChatState(({ room }) => room.members)
  const [removed, setRemoved] = useState<string | null>(null)
  const [asked, setAsked] = useState<OverviewMember | null>(null)
  // Who came or went, was made an admin, or secured their name.
  const now = Object.values(members).map(({ id, role, secured }) => `${id} ${role} ${secured}`)
  const { overview, failed, load } = useOverview(now.join())
  const nameOf = ({ id }: OverviewMember) => members[id]?.name ?? ""
  const shown = overview?.members
    .filter(({ id }) => id in members)
    .toSorted((a, b) => nameOf(a).localeCompare(nameOf(b), t.language))
  return (
    <>
      <p className="field__hint">{t("admin.membersHint")}</p>
      {failed && <NotLoaded text={t("devices.failed")} onRetry={load} />}
      {overview === null && !failed && <p role="status">{t("loading")}</p>}
      <ul className="devices">
        {shown?.map((member) => (
          <Item
            key={member.id}
            member={member}
            name={nameOf(member)}
            onRemove={() => setRemoved(member.id)}
            onRole={() => setAsked(member)}
          />
        ))}
      </ul>
      {/* Another ban is in the list. */}
      <Bans key={shown?.length} />
      {removed !== null && <RemoveMemberDialog id={removed} onClose={() => setRemoved(null)} />}
      {asked !== null && (
        <LazyDialog
          part={roleDialog}
          title={t(asked.made_admin ? "admin.unmake" : "admin.make")}
          // An admin by the password is seen as one before and after: the list has to be asked for again.
          props={{ member: asked, name: nameOf(asked), onDone: load, onClose: () => setAsked(null) }}
        />
      )}
    </>
  )
}

interface ItemProps {
  readonly member: OverviewMember
  readonly name: string
  readonly onRemove: () => void
  readonly onRole: () => void
}

function Item({ member, name, onRemove, onRole }: ItemProps) {
  const t = useWords()
  const day = useDay()
  const mine = useChatState(({ room }) => room.me.id === member.id)
  const role = useChatState(({ room }) => room.members[member.id]?.role)
  const act = member.made_admin ? "unmake" : "make"
  return (
    <li className="device device--wraps">
      <Avatar name={name} small />
      <div className="device__words">
        <span className="administration__name">
          <bdi className="device__name">{name}</bdi>
          {role === "admin" && <span className="role">{t("role.admin")}</span>}
        </span>
        <span className="device__seen">
          {t("admin.devices", { count: member.devices })} {t("admin.seen", { day: day(member.seen_on) })}{" "}
          {t(member.secured ? "admin.secured" : "admin.unsecured")}{" "}
          {role === "admin" && !member.made_admin && t("admin.byPassword")}
        </span>
      </div>
      {!mine && (
        <span className="administration__buttons">
          <Button small label={t(`admin.${act}Label`, { name })} onClick={onRole}>
            {t(`admin.${act}`)}
          </Button>
          <Button small kind="danger" label={t("member.remove", { name })} onClick={onRemove}>
            {t("member.removeButton")}
          </Button>
        </span>
      )}
    </li>
  )
}
